package io.sightmill.ingest.archive;

import io.sightmill.schema.Generation;
import io.sightmill.schema.Lane;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * What is asked of every image of an archive. Part of the request's id: a change of anything but
 * the lane and the limit asks anew.
 *
 * @param instruction what to say to the model; null for its default instruction
 * @param labels what to choose from in place of a caption; none for captions. They need an
 *     instruction
 * @param timeToDeadline how long after a request was made its answer is of use; null for ever
 * @param generation how the answer is generated
 * @param model name of the checkpoint; empty where the sender does not know it
 * @param weightsSha256 digest of the checkpoint's weights; empty where the sender does not know it
 * @param lane which queue the requests wait in
 * @param maxImageBytes a larger file is rejected and not read, in bytes
 */
public record CaptionOptions(
        String instruction,
        List<String> labels,
        Duration timeToDeadline,
        Generation generation,
        String model,
        String weightsSha256,
        Lane lane,
        int maxImageBytes) {

    private static final int DEFAULT_MAX_IMAGE_BYTES = 32 << 20;

    public CaptionOptions {
        labels = List.copyOf(labels);
        if (!labels.isEmpty() && instruction == null) {
            throw new IllegalArgumentException(
                    "labels is " + labels + " and needs an instruction that they answer");
        }
        if (timeToDeadline != null && !isUsual(timeToDeadline)) {
            throw new IllegalArgumentException(
                    "timeToDeadline is %s and must be 1 millisecond to a hundred years"
                            .formatted(timeToDeadline));
        }
        Objects.requireNonNull(generation, "generation");
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(weightsSha256, "weightsSha256");
        Objects.requireNonNull(lane, "lane");
        if (maxImageBytes < 1 || maxImageBytes > 1 << 30) {
            throw new IllegalArgumentException(
                    "maxImageBytes is " + maxImageBytes + " and must be 1 byte to 1 GiB");
        }
    }

    private static boolean isUsual(Duration time) {
        return time.compareTo(Duration.ofMillis(1)) >= 0
                && time.compareTo(Duration.ofDays(36_500)) <= 0;
    }

    /**
     * The default instruction, greedy decoding, the bulk lane, for the model with these weights.
     */
    public static CaptionOptions of(String model, String weightsSha256) {
        return new CaptionOptions(
                null,
                List.of(),
                null,
                Generation.newBuilder().build(),
                model,
                weightsSha256,
                Lane.BULK,
                DEFAULT_MAX_IMAGE_BYTES);
    }

    public CaptionOptions withInstruction(String instruction) {
        return new CaptionOptions(
                instruction,
                labels,
                timeToDeadline,
                generation,
                model,
                weightsSha256,
                lane,
                maxImageBytes);
    }

    /** An instruction that is answered by one of these labels. */
    public CaptionOptions withQuestion(String instruction, List<String> labels) {
        return new CaptionOptions(
                instruction,
                labels,
                timeToDeadline,
                generation,
                model,
                weightsSha256,
                lane,
                maxImageBytes);
    }

    public CaptionOptions withTimeToDeadline(Duration timeToDeadline) {
        return new CaptionOptions(
                instruction,
                labels,
                timeToDeadline,
                generation,
                model,
                weightsSha256,
                lane,
                maxImageBytes);
    }

    public CaptionOptions withGeneration(Generation generation) {
        return new CaptionOptions(
                instruction,
                labels,
                timeToDeadline,
                generation,
                model,
                weightsSha256,
                lane,
                maxImageBytes);
    }

    public CaptionOptions withLane(Lane lane) {
        return new CaptionOptions(
                instruction,
                labels,
                timeToDeadline,
                generation,
                model,
                weightsSha256,
                lane,
                maxImageBytes);
    }

    public CaptionOptions withMaxImageBytes(int maxImageBytes) {
        return new CaptionOptions(
                instruction,
                labels,
                timeToDeadline,
                generation,
                model,
                weightsSha256,
                lane,
                maxImageBytes);
    }
}
