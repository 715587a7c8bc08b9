package io.sightmill.tuning;

import io.sightmill.llava.CheckpointFamily;
import io.sightmill.llava.CheckpointGenerator;
import io.sightmill.llava.CheckpointLayout;
import io.sightmill.llava.CheckpointPlan;
import io.sightmill.llava.CheckpointShape;
import io.sightmill.llava.TextFamily;
import io.sightmill.llava.TextShape;
import io.sightmill.llava.VisionShape;
import io.sightmill.llava.WeightType;
import java.nio.file.Path;
import java.util.OptionalInt;

/** A LLaVA so small that a step of training takes milliseconds. */
public final class MicroCheckpoint {

    private MicroCheckpoint() {}

    public static CheckpointShape shape() {
        return new CheckpointShape(
                CheckpointFamily.V1_5,
                new VisionShape(28, 14, 16, 2, 2, 32),
                new TextShape(
                        TextFamily.LLAMA, 32, 2, 2, 2, 64, 500, 256, 10_000, OptionalInt.empty()));
    }

    /** Writes it with random weights in float32. */
    public static Path in(Path directory) {
        new CheckpointGenerator(
                        new CheckpointPlan(
                                shape(),
                                CheckpointLayout.HUGGING_FACE,
                                WeightType.FLOAT32,
                                7,
                                CheckpointPlan.DEFAULT_SHARD_BYTES))
                .write(directory, false, bytes -> {});
        return directory;
    }
}
