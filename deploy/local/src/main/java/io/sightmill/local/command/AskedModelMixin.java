package io.sightmill.local.command;

import io.sightmill.engine.Device;
import io.sightmill.llava.ImageReading;
import io.sightmill.llava.LlavaModel;
import io.sightmill.llava.Precision;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of every command that asks a model directly, without the pipeline around it. */
final class AskedModelMixin {

    @Option(
            names = "--precision",
            description = "One of ${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}.",
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

    /** Loads a checkpoint, with pixels as the reference has them. */
    LlavaModel open(Path directory, LoadingBar bar) {
        return LlavaModel.open(
                directory,
                precision,
                template(),
                ImageReading.defaults(),
                load.options(),
                bar,
                Device.cpu());
    }
}
