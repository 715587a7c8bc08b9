package io.sightmill.llava;

import java.nio.file.Path;
import java.util.OptionalInt;

/** Whether the parts of a checkpoint belong together: model, image processing and tokenizer. */
final class CheckpointFit {

    private static final String IMAGE = "<image>";

    private CheckpointFit() {}

    /** Complains about images of another size than the vision tower takes. */
    static void checkImages(
            Path directory, LlavaConfig config, PreprocessorConfig pixels, Complaints complaints) {
        if (pixels.size() != config.vision().imageSize()) {
            complaints.add(
                    "%s makes images of %d pixels, but vision_config.image_size of config.json is %d",
                    directory.resolve("preprocessor_config.json"),
                    pixels.size(),
                    config.vision().imageSize());
        }
    }

    /** Complains about an image token that the embedding table has no row for. */
    static void checkImageToken(Path directory, LlavaConfig config, Complaints complaints) {
        int rows = config.text().vocabularySize();
        if (config.imageTokenId() >= rows) {
            complaints.add(
                    "%s: image_token_index is %d%s, but the model knows tokens 0..%d (vocab_size)",
                    directory.resolve("config.json"),
                    config.imageTokenId(),
                    isNamed(directory) ? "" : " where none is given",
                    rows - 1);
        }
    }

    private static boolean isNamed(Path directory) {
        ConfigurationFile file = ConfigurationFile.read(directory.resolve("config.json"));
        return file.find("image_token_index").or(() -> file.find("image_token_id")).isPresent();
    }

    /** Complains about tokens that the embedding table has no row for, or that mean another one. */
    static void checkTokens(
            Path directory, LlavaConfig config, Tokenizer tokenizer, Complaints complaints) {
        Path file = directory.resolve(Tokenizer.FILE);
        int rows = config.text().vocabularySize();
        if (tokenizer.vocabularySize() > rows) {
            complaints.add(
                    "%s has token ids up to %d, but the model knows 0..%d (vocab_size of config.json); the two are of different checkpoints",
                    file, tokenizer.vocabularySize() - 1, rows - 1);
        }
        OptionalInt image = tokenizer.idOf(IMAGE);
        boolean isToken = config.imageTokenId() >= 0;
        if (isToken && image.isPresent() && image.getAsInt() != config.imageTokenId()) {
            complaints.add(
                    "%s gives %s the id %d, but image_token_index of config.json is %d",
                    file, IMAGE, image.getAsInt(), config.imageTokenId());
        }
    }
}
