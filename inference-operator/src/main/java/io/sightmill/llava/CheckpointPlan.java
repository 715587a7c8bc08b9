package io.sightmill.llava;

import java.util.Objects;

/**
 * A checkpoint to generate.
 *
 * @param seed of the random weights
 * @param shardBytes most bytes of weights in a file; a tensor that is larger has one of its own
 */
public record CheckpointPlan(
        CheckpointShape shape,
        CheckpointLayout layout,
        WeightType type,
        long seed,
        long shardBytes) {

    /** What Hugging Face's library takes when it saves a model. */
    public static final long DEFAULT_SHARD_BYTES = 5_000_000_000L;

    /** The seed of the model in the box. */
    public static final long DEFAULT_SEED = 20_261_122;

    public CheckpointPlan {
        Objects.requireNonNull(shape, "shape");
        Objects.requireNonNull(layout, "layout");
        Objects.requireNonNull(type, "type");
        if (shardBytes < 1) {
            throw new IllegalArgumentException(
                    "shardBytes is " + shardBytes + " and must be at least 1");
        }
        boolean isV1 = shape.family() == CheckpointFamily.V1;
        if (isV1 && layout != CheckpointLayout.AUTHORS) {
            throw new IllegalArgumentException(
                    "layout is %s and must be %s: the other knows no projector of one layer"
                            .formatted(layout.key(), CheckpointLayout.AUTHORS.key()));
        }
    }

    /** One file in float16 where it is under 5 GB, in the layout in which the family is known. */
    public static CheckpointPlan of(CheckpointShape shape) {
        return new CheckpointPlan(
                shape,
                defaultLayout(shape.family()),
                WeightType.FLOAT16,
                DEFAULT_SEED,
                DEFAULT_SHARD_BYTES);
    }

    /** Version 1 was published in its authors' layout only. */
    public static CheckpointLayout defaultLayout(CheckpointFamily family) {
        return family == CheckpointFamily.V1
                ? CheckpointLayout.AUTHORS
                : CheckpointLayout.HUGGING_FACE;
    }
}
