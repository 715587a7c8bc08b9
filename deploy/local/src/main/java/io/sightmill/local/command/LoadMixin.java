package io.sightmill.local.command;

import io.sightmill.llava.LoadOptions;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The options of every command that loads a checkpoint. */
final class LoadMixin {

    @Option(
            names = "--check-weights",
            description = "Read every weight while loading and refuse one that is NaN or infinite.")
    private boolean checkWeights;

    @Option(
            names = "--follow-links",
            description =
                    "Allow files of the checkpoint to be links out of its directory, as in Hugging"
                            + " Face's cache.")
    private boolean followLinks;

    @Option(
            names = "--vision-tower",
            paramLabel = "DIR",
            description =
                    "The CLIP checkpoint of a model in the authors' layout; default the one that"
                            + " config.json names, inside MODEL_DIR or beside it.")
    private Path visionTower;

    LoadOptions options() {
        return new LoadOptions(
                checkWeights,
                followLinks,
                visionTower == null ? null : visionTower.toAbsolutePath().toString());
    }
}
