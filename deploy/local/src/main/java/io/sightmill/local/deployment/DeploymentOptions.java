package io.sightmill.local.deployment;

import io.sightmill.llava.ImageReading;
import io.sightmill.llava.LlavaModelProvider;
import io.sightmill.llava.LoadOptions;
import io.sightmill.llava.Precision;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * What the embedded deployment runs.
 *
 * @param data what survives restarts
 * @param model directory of the checkpoint
 * @param images how image files are read
 * @param precision number format of the weights
 * @param template name of a chat template instead of the checkpoint's own
 * @param load what is checked and allowed while the checkpoint is loaded
 * @param checkpointInterval how often answers are committed and become visible
 * @param parquet where answers and embeddings are written as Parquet files as well
 */
public record DeploymentOptions(
        DataDirectory data,
        Path model,
        ImageReading images,
        Precision precision,
        Optional<String> template,
        LoadOptions load,
        Duration checkpointInterval,
        Optional<Path> parquet) {

    public DeploymentOptions {
        Objects.requireNonNull(data, "data");
        Objects.requireNonNull(images, "images");
        Objects.requireNonNull(precision, "precision");
        template.ifPresent(LlavaModelProvider::requireTemplate);
        Objects.requireNonNull(load, "load");
        Objects.requireNonNull(parquet, "parquet");
        model = model.toAbsolutePath().normalize();
        if (!Files.isDirectory(model)) {
            throw new IllegalArgumentException("--model is " + model + ", which is no directory");
        }
        if (checkpointInterval.compareTo(Duration.ofMillis(100)) < 0) {
            throw new IllegalArgumentException(
                    "--checkpoint-interval is "
                            + checkpointInterval
                            + " and must be at least 100 ms");
        }
    }
}
