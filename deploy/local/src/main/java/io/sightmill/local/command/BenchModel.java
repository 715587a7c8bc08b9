package io.sightmill.local.command;

import io.sightmill.llava.CheckpointGenerator;
import io.sightmill.llava.CheckpointLayout;
import io.sightmill.llava.CheckpointPlan;
import io.sightmill.llava.CheckpointShapes;
import io.sightmill.llava.WeightType;
import io.sightmill.local.deployment.DataDirectory;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The random checkpoint that speed is measured with where no other is named. */
final class BenchModel {

    private static final String SHAPE = "1b";

    private BenchModel() {}

    /** Its directory, written if it is not there: a checkpoint in it is always whole. */
    static Path standard() {
        Path directory = DataDirectory.standard().root().resolve("bench").resolve(SHAPE);
        if (!Files.exists(directory.resolve("config.json"))) {
            write(SHAPE, directory);
        }
        return directory;
    }

    /** Writes a checkpoint with random weights of a named shape. */
    static void write(String shape, Path directory) {
        CheckpointGenerator generator =
                new CheckpointGenerator(
                        new CheckpointPlan(
                                CheckpointShapes.named(shape),
                                CheckpointLayout.HUGGING_FACE,
                                WeightType.BFLOAT16,
                                CheckpointPlan.DEFAULT_SEED,
                                CheckpointPlan.DEFAULT_SHARD_BYTES));
        try (MakeCheckpointProgress progress =
                new MakeCheckpointProgress(generator.weightBytes(), System.err)) {
            generator.write(directory, false, progress::written);
        } catch (IllegalArgumentException | UncheckedIOException exception) {
            throw new CommandFailedException(
                    "cannot write the checkpoint to measure with: " + exception.getMessage(),
                    exception);
        }
    }
}
