package io.sightmill.local.command;

import io.sightmill.engine.Device;
import io.sightmill.llava.ImageReading;
import io.sightmill.llava.LlavaModel;
import io.sightmill.llava.LoadOptions;
import io.sightmill.llava.Precision;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How a model is loaded, whoever asks it. */
final class ModelMixin {

    @Option(
            names = "--precision",
            description =
                    "Number format of the weights: ${COMPLETION-CANDIDATES}; default"
                            + " ${DEFAULT-VALUE}.",
            defaultValue = "FLOAT32")
    private Precision precision;

    @Option(
            names = "--template",
            paramLabel = "NAME",
            description =
                    "Chat template by name, for example llava_v1; default the checkpoint's own.")
    private String template;

    @Mixin private LoadMixin load;

    Precision precision() {
        return precision;
    }

    Optional<String> template() {
        return Optional.ofNullable(template);
    }

    LoadOptions load() {
        return load.options();
    }

    /** Loads a checkpoint without the pipeline around it, with pixels as the reference has them. */
    LlavaModel open(Path directory, LoadingBar bar) {
        return LlavaModel.open(
                directory,
                precision,
                template(),
                ImageReading.defaults(),
                load(),
                bar,
                Device.cpu());
    }
}
