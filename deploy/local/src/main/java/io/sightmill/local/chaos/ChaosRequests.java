package io.sightmill.local.chaos;

import io.sightmill.schema.Generation;
import io.sightmill.schema.ImageSource;
import io.sightmill.schema.Lane;
import io.sightmill.schema.Message;
import io.sightmill.schema.Task;
import io.sightmill.schema.TaskKind;
import io.sightmill.schema.VisionRequest;
import io.sightmill.schema.codec.RecordCodec;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;

/**
 * Requests as they come, by a seed: answers of 16 to 400 tokens, short ones more often than long
 * ones, greedy and sampled; records of several tasks, with labels, with embeddings; and one in
 * twenty that nobody can answer.
 */
final class ChaosRequests {

    static final int FEWEST_TOKENS = 16;
    static final int MOST_TOKENS = 400;

    private static final RecordCodec<VisionRequest> CODEC = RecordCodec.of(VisionRequest.class);
    private static final int IMAGES = 12;
    private static final List<String> LABELS = List.of("red", "dark green", "blue");

    private final SplittableRandom random;
    private final List<byte[]> images = new ArrayList<>();

    private ChaosRequests(long seed) {
        random = new SplittableRandom(seed);
        for (int index = 0; index < IMAGES; index++) {
            images.add(drawing());
        }
    }

    static List<ChaosRequest> of(int count, long seed) {
        ChaosRequests requests = new ChaosRequests(seed);
        List<ChaosRequest> all = new ArrayList<>();
        for (int index = 0; index < count; index++) {
            all.add(requests.next("request-%05d".formatted(index), index));
        }
        return all;
    }

    /** Three of four in the bulk lane. */
    private static Lane lane(int index) {
        return index % 4 == 2 ? Lane.LIVE : Lane.BULK;
    }

    private ChaosRequest next(String name, int index) {
        Lane lane = lane(index);
        return switch (index % 20) {
            case 7 -> index % 40 == 7 ? noRecord(name) : brokenImage(name, lane);
            case 3, 13 -> request(name, lane, List.of(labels("labels")));
            case 5, 11, 17 ->
                    request(
                            name,
                            lane,
                            List.of(
                                    answer("long"),
                                    answer("short"),
                                    labels("labels"),
                                    vector("vector")));
            default -> request(name, lane, List.of(answer("answer")));
        };
    }

    private ChaosRequest request(String name, Lane lane, List<Task> tasks) {
        byte[] image = images.get(random.nextInt(IMAGES));
        return new ChaosRequest(
                name,
                content(tasks, image, lane),
                tasks.stream().map(ChaosRequests::outcome).collect(Collectors.toSet()));
    }

    private static String outcome(Task task) {
        return task.getKind() == TaskKind.EMBED
                ? ChaosRequest.embedding(task.getTaskId())
                : ChaosRequest.answer(task.getTaskId());
    }

    private ChaosRequest brokenImage(String name, Lane lane) {
        byte[] image = images.get(random.nextInt(IMAGES));
        byte[] half = Arrays.copyOf(image, image.length / 2);
        return new ChaosRequest(
                name,
                content(List.of(answer("answer")), half, lane),
                Set.of(ChaosRequest.REJECTION));
    }

    private static ChaosRequest noRecord(String name) {
        return new ChaosRequest(
                name,
                fullName -> ("no record " + fullName).getBytes(StandardCharsets.UTF_8),
                Set.of(ChaosRequest.REJECTION));
    }

    private static Function<String, byte[]> content(List<Task> tasks, byte[] image, Lane lane) {
        return fullName ->
                CODEC.encode(
                        VisionRequest.newBuilder()
                                .setRequestId(fullName)
                                .setImages(
                                        List.of(
                                                ImageSource.newBuilder()
                                                        .setContent(ByteBuffer.wrap(image))
                                                        .build()))
                                .setTasks(tasks)
                                .setLane(lane)
                                .setCreatedAt(Instant.now())
                                .build());
    }

    private Task answer(String taskId) {
        boolean isGreedy = random.nextBoolean();
        Generation generation =
                Generation.newBuilder()
                        .setMinNewTokens(FEWEST_TOKENS)
                        .setMaxNewTokens(tokens())
                        .setTemperature(isGreedy ? 0 : 0.9)
                        .setTopP(isGreedy ? 1 : 0.95)
                        .setSeed(random.nextLong())
                        .build();
        return task(taskId, TaskKind.ANSWER, "What is in picture %d?".formatted(random.nextInt(99)))
                .setGeneration(generation)
                .build();
    }

    /** Log-uniform. */
    private int tokens() {
        double exponent = random.nextDouble(Math.log(FEWEST_TOKENS), Math.log(MOST_TOKENS + 1));
        return (int) Math.exp(exponent);
    }

    private static Task labels(String taskId) {
        return task(taskId, TaskKind.CLASSIFY, "What colour is it?").setLabels(LABELS).build();
    }

    private static Task vector(String taskId) {
        return Task.newBuilder().setTaskId(taskId).setKind(TaskKind.EMBED).build();
    }

    private static Task.Builder task(String taskId, TaskKind kind, String question) {
        return Task.newBuilder()
                .setTaskId(taskId)
                .setKind(kind)
                .setMessages(List.of(new Message("user", question)));
    }

    private byte[] drawing() {
        BufferedImage image = new BufferedImage(120, 90, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        for (int shape = 0; shape < 8; shape++) {
            graphics.setColor(new Color(random.nextInt(0x1000000)));
            graphics.fillOval(random.nextInt(120), random.nextInt(90), 50, 40);
        }
        graphics.dispose();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", bytes);
        } catch (IOException exception) {
            throw new UncheckedIOException(exception);
        }
        return bytes.toByteArray();
    }
}
