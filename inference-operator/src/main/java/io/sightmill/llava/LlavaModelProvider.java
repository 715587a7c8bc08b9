package io.sightmill.llava;

import io.sightmill.engine.Device;
import io.sightmill.engine.Model;
import io.sightmill.engine.ModelProvider;
import java.nio.file.Path;
import java.util.Objects;

/**
 * A checkpoint by its directory, which has to be there on every machine that runs the job.
 *
 * @param directory in Hugging Face layout
 */
public record LlavaModelProvider(String directory, Precision precision) implements ModelProvider {

    private static final long serialVersionUID = 1L;

    public LlavaModelProvider {
        Objects.requireNonNull(directory, "directory");
        Objects.requireNonNull(precision, "precision");
    }

    @Override
    public Model open(Device device) {
        return LlavaModel.open(Path.of(directory), precision, device);
    }
}
