package io.sightmill.local.bench;

import io.sightmill.schema.Generation;
import io.sightmill.schema.ImageSource;
import io.sightmill.schema.Lane;
import io.sightmill.schema.Message;
import io.sightmill.schema.Task;
import io.sightmill.schema.TaskKind;
import io.sightmill.schema.VisionRequest;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;

/**
 * Requests to measure with: each with a picture of its own, a short question, and an answer of a
 * fixed length, so that every run does the same work.
 *
 * @param tokens of each answer
 * @param side of the square pictures, in pixels
 */
record BenchRequests(int tokens, int side) {

    static final String TASK_ID = "bench";

    private static final int RECTANGLES = 12;

    /**
     * One request; the same number gives the same picture.
     *
     * @param streams whether its text is wanted while it is generated
     */
    VisionRequest request(String requestId, Lane lane, int number, boolean streams) {
        Task task =
                Task.newBuilder()
                        .setTaskId(TASK_ID)
                        .setKind(TaskKind.ANSWER)
                        .setMessages(List.of(new Message("user", "What is in the picture?")))
                        .setGeneration(
                                Generation.newBuilder()
                                        .setMaxNewTokens(tokens)
                                        .setMinNewTokens(tokens)
                                        .build())
                        .setStream(streams)
                        .build();
        return VisionRequest.newBuilder()
                .setRequestId(requestId)
                .setImages(
                        List.of(
                                ImageSource.newBuilder()
                                        .setContent(ByteBuffer.wrap(picture(number)))
                                        .build()))
                .setTasks(List.of(task))
                .setLane(lane)
                .setCreatedAt(Instant.now())
                .build();
    }

    private byte[] picture(int number) {
        Random random = new Random(number);
        BufferedImage picture = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = picture.createGraphics();
        for (int rectangle = 0; rectangle < RECTANGLES; rectangle++) {
            graphics.setColor(new Color(random.nextInt(1 << 24)));
            graphics.fillRect(
                    random.nextInt(side),
                    random.nextInt(side),
                    1 + random.nextInt(side),
                    1 + random.nextInt(side));
        }
        graphics.dispose();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            ImageIO.write(picture, "png", bytes);
        } catch (IOException exception) {
            throw new UncheckedIOException(exception);
        }
        return bytes.toByteArray();
    }
}
