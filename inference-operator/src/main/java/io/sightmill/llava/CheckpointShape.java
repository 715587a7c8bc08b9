package io.sightmill.llava;

import java.util.List;
import java.util.Objects;

/** The sizes of a checkpoint to generate, and which LLaVA it is. */
public record CheckpointShape(CheckpointFamily family, VisionShape vision, TextShape text) {

    public CheckpointShape {
        Objects.requireNonNull(family, "family");
        Objects.requireNonNull(vision, "vision");
        Objects.requireNonNull(text, "text");
    }

    /** The model that comes with the project: under 4 MB in float16. */
    public static CheckpointShape sightmillTiny() {
        return new CheckpointShape(
                CheckpointFamily.V1_5,
                new VisionShape(112, 14, 96, 3, 4, 256),
                TextShape.llama(160, 5, 4, 352, 1_024).withContext(2_048));
    }

    /** The same sizes as another generation has them. */
    public CheckpointShape as(CheckpointFamily other) {
        return new CheckpointShape(other, vision, text);
    }

    /** The same sizes with another language model. */
    public CheckpointShape as(TextFamily other) {
        return new CheckpointShape(family, vision, text.as(other));
    }

    /** What LLaVA-NeXT lays images out on, in the order and proportions of the published ones. */
    List<Resolution> resolutions() {
        int side = vision.imageSize();
        return List.of(
                new Resolution(side, 2 * side),
                new Resolution(2 * side, side),
                new Resolution(2 * side, 2 * side),
                new Resolution(3 * side, side),
                new Resolution(side, 3 * side));
    }
}
