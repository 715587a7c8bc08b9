package io.sightmill.llava;

import io.sightmill.engine.Device;
import io.sightmill.engine.Model;
import io.sightmill.engine.ModelProvider;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * A checkpoint by its directory, which has to be there on every machine that runs the job.
 *
 * @param directory in Hugging Face layout
 * @param template name of a chat template; null to take the checkpoint's own, or the one for the
 *     model's name
 * @param images how image files are read
 */
public record LlavaModelProvider(
        String directory, Precision precision, String template, ImageReading images)
        implements ModelProvider {

    private static final long serialVersionUID = 1L;

    public LlavaModelProvider {
        Objects.requireNonNull(directory, "directory");
        Objects.requireNonNull(precision, "precision");
        Objects.requireNonNull(images, "images");
        if (template != null) {
            requireTemplate(template);
        }
    }

    public LlavaModelProvider(String directory, Precision precision) {
        this(directory, precision, null);
    }

    public LlavaModelProvider(String directory, Precision precision, String template) {
        this(directory, precision, template, ImageReading.defaults());
    }

    /**
     * @throws IllegalArgumentException if no chat template has this name; the message lists those
     *     that there are
     */
    public static void requireTemplate(String name) {
        ChatTemplates.requireKnown(name);
    }

    @Override
    public Model open(Device device) {
        return LlavaModel.open(
                Path.of(directory), precision, Optional.ofNullable(template), images, device);
    }
}
