package io.sightmill.local.deployment;

import io.sightmill.engine.ModelDescription;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/**
 * Which model the requests of a data directory are for. What waits there was asked of that model;
 * to let another one answer it would pass one model's words off as the other's.
 */
record KeptModel(
        String name,
        String weightsSha256,
        String precision,
        String template,
        String orientation,
        String deepGrey) {

    private static final String NAME = "model.name";
    private static final String WEIGHTS = "model.weights.sha256";
    private static final String PRECISION = "model.precision";
    private static final String TEMPLATE = "model.template";
    private static final String OWN_TEMPLATE = "own";
    private static final String ORIENTATION = "images.orientation";
    private static final String IGNORED = "ignored";
    private static final String APPLIED = "applied";
    private static final String DEEP_GREY = "images.deep-grey";
    private static final String CUT_OFF = "cut off";
    private static final String SCALED = "scaled";

    static KeptModel of(ModelDescription model, DeploymentOptions options) {
        return new KeptModel(
                model.name(),
                model.weightsSha256(),
                options.precision().name(),
                options.template().orElse(OWN_TEMPLATE),
                options.images().appliesOrientation() ? APPLIED : IGNORED,
                options.images().scalesDeepGrey() ? SCALED : CUT_OFF);
    }

    /**
     * Notes the model in the directory the first time, and holds the directory to it ever after.
     *
     * @throws DataDirectoryException if the directory belongs to another model
     */
    void claim(DataDirectory data) {
        Path file = data.root().resolve("model.properties");
        try {
            if (!Files.exists(file)) {
                write(file);
                return;
            }
            KeptModel kept = read(file);
            if (!kept.hasSameAnswersAs(this)) {
                throw new DataDirectoryException(
                        "the data directory %s belongs to %s, not to %s; choose another --data"
                                .formatted(data.root(), kept.describe(), describe()));
            }
        } catch (IOException exception) {
            throw new DataDirectoryException("cannot use " + file + ": " + exception, exception);
        }
    }

    /** A checkpoint that was moved or renamed is still the same model. */
    private boolean hasSameAnswersAs(KeptModel other) {
        return weightsSha256.equals(other.weightsSha256)
                && precision.equals(other.precision)
                && template.equals(other.template)
                && orientation.equals(other.orientation)
                && deepGrey.equals(other.deepGrey);
    }

    private String describe() {
        String shortened = weightsSha256.substring(0, Math.min(12, weightsSha256.length()));
        String turned = orientation.equals(IGNORED) ? "" : ", orientation " + orientation;
        String scaled = deepGrey.equals(CUT_OFF) ? "" : ", 16-bit grey " + deepGrey;
        return "%s (weights %s, %s, %s template%s%s)"
                .formatted(name, shortened, precision, template, turned, scaled);
    }

    private static KeptModel read(Path file) throws IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        }
        return new KeptModel(
                properties.getProperty(NAME, "an unknown model"),
                properties.getProperty(WEIGHTS, ""),
                properties.getProperty(PRECISION, ""),
                properties.getProperty(TEMPLATE, OWN_TEMPLATE),
                properties.getProperty(ORIENTATION, IGNORED),
                properties.getProperty(DEEP_GREY, CUT_OFF));
    }

    private void write(Path file) throws IOException {
        Properties properties = new Properties();
        properties.setProperty(NAME, name);
        properties.setProperty(WEIGHTS, weightsSha256);
        properties.setProperty(PRECISION, precision);
        properties.setProperty(TEMPLATE, template);
        properties.setProperty(ORIENTATION, orientation);
        properties.setProperty(DEEP_GREY, deepGrey);
        try (Writer writer = Files.newBufferedWriter(file)) {
            properties.store(writer, "The model that this data directory belongs to");
        }
    }
}
