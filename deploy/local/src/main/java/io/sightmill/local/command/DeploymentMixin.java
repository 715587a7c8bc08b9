package io.sightmill.local.command;

import io.sightmill.llava.ImageLimits;
import io.sightmill.llava.ImageReading;
import io.sightmill.local.deployment.DataDirectory;
import io.sightmill.local.deployment.DeploymentOptions;
import io.sightmill.local.deployment.EmbeddedDeployment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of every command that starts the embedded deployment. */
final class DeploymentMixin {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--model",
            paramLabel = "DIR",
            description = "LLaVA checkpoint directory; default the one in the box.")
    private Path model;

    @Option(
            names = "--apply-orientation",
            description =
                    "Turn pictures upright where their metadata says how they were held; default no,"
                            + " as the reference does.")
    private boolean applyOrientation;

    @Option(
            names = "--scale-deep-grey",
            description =
                    "Keep the upper 8 bits of grey pictures of 16; default no: all above 255 is white,"
                            + " as in the reference.")
    private boolean scaleDeepGrey;

    @Mixin private ModelMixin loaded;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description =
                    "Where broker, offsets and checkpoints live; default ~/.sightmill, or"
                            + " SIGHTMILL_DATA.")
    private Path data;

    @Option(
            names = "--checkpoint-interval",
            paramLabel = "ISO-8601",
            description = "How often answers are committed; default ${DEFAULT-VALUE}.",
            defaultValue = "PT1S")
    private Duration checkpointInterval;

    @Option(
            names = "--parquet",
            paramLabel = "DIR",
            description = "Also write answers and embeddings as Parquet files.")
    private Path parquet;

    EmbeddedDeployment start() {
        DeploymentOptions options = options();
        try (LoadingBar bar = LoadingBar.onTerminal()) {
            return EmbeddedDeployment.start(options, bar);
        }
    }

    private DeploymentOptions options() {
        try {
            return new DeploymentOptions(
                    data == null ? DataDirectory.standard() : new DataDirectory(data),
                    model == null ? modelInTheBox() : model,
                    new ImageReading(ImageLimits.defaults(), applyOrientation, scaleDeepGrey),
                    loaded.precision(),
                    loaded.template(),
                    loaded.load(),
                    checkpointInterval,
                    Optional.ofNullable(parquet));
        } catch (IllegalArgumentException exception) {
            throw new ParameterException(spec.commandLine(), exception.getMessage(), exception);
        }
    }

    /** The one that was trained. */
    static Path modelInTheBox() {
        return model("sightmill-box");
    }

    /** The one with random weights: for measuring what does not depend on what it says. */
    static Path randomModel() {
        return model("sightmill-tiny");
    }

    /** The launcher says where the checkout is. */
    private static Path model(String name) {
        return Path.of(System.getProperty("sightmill.home", "."))
                .resolve("deploy/local/model")
                .resolve(name);
    }
}
