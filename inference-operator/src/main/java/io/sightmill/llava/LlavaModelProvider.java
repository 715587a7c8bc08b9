package io.sightmill.llava;

import io.sightmill.engine.Device;
import io.sightmill.engine.Model;
import io.sightmill.engine.ModelLoadException;
import io.sightmill.engine.ModelProvider;
import java.nio.file.InvalidPathException;
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
 * @param load what is checked and allowed while loading
 */
public record LlavaModelProvider(
        String directory,
        Precision precision,
        String template,
        ImageReading images,
        LoadOptions load)
        implements ModelProvider {

    private static final long serialVersionUID = 1L;

    public LlavaModelProvider {
        Objects.requireNonNull(directory, "directory");
        Objects.requireNonNull(precision, "precision");
        Objects.requireNonNull(images, "images");
        Objects.requireNonNull(load, "load");
        if (template != null) {
            requireTemplate(template);
        }
    }

    public LlavaModelProvider(String directory, Precision precision, String template) {
        this(directory, precision, template, ImageReading.defaults(), LoadOptions.defaults());
    }

    public LlavaModelProvider(String directory, Precision precision) {
        this(directory, precision, null);
    }

    /**
     * @throws IllegalArgumentException if no chat template has this name; the message lists those
     *     that there are
     */
    public static void requireTemplate(String name) {
        ChatTemplates.requireKnown(name);
    }

    /** Loads the model; every few seconds a line of the log says how far it is. */
    @Override
    public Model open(Device device) {
        return open(device, LoggedProgress.of(directory));
    }

    /** The same with somebody else who hears how far it is. */
    public Model open(Device device, LoadProgress progress) {
        return LlavaModel.open(
                path(), precision, Optional.ofNullable(template), images, load, progress, device);
    }

    private Path path() {
        try {
            return Path.of(directory);
        } catch (InvalidPathException e) {
            throw new ModelLoadException("the model's directory is no path: " + e.getMessage(), e);
        }
    }
}
