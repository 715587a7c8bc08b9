package io.sightmill.llava;

import io.sightmill.engine.Device;
import io.sightmill.engine.Model;
import io.sightmill.engine.ModelDescription;
import io.sightmill.engine.ModelLoadException;
import io.sightmill.engine.ModelRunner;
import io.sightmill.engine.RequestPreprocessor;
import io.sightmill.engine.TokenDecoder;
import java.nio.file.Path;
import java.util.Optional;

/** A LLaVA-1.5 or LLaVA-NeXT checkpoint, loaded: what the engine and the operator use of it. */
public final class LlavaModel implements Model {

    private final ModelDescription description;
    private final Tokenizer tokenizer;
    private final LlavaPreprocessor preprocessor;
    private final LlavaNetwork network;
    private final LlavaRunner runner;

    private LlavaModel(
            ModelDescription description,
            Tokenizer tokenizer,
            LlavaPreprocessor preprocessor,
            LlavaNetwork network) {
        this.description = description;
        this.tokenizer = tokenizer;
        this.preprocessor = preprocessor;
        this.network = network;
        this.runner = new LlavaRunner(network);
    }

    /**
     * Loads a directory in Hugging Face layout: config.json, preprocessor_config.json,
     * tokenizer.json and safetensors; generation_config.json where it is there.
     *
     * @throws ModelLoadException naming the file that is missing, broken, refused or does not fit
     */
    public static LlavaModel open(Path directory, Precision precision, Device device) {
        return open(directory, precision, ImageLimits.defaults(), device);
    }

    /** The same with other limits on images. */
    public static LlavaModel open(
            Path directory, Precision precision, ImageLimits limits, Device device) {
        return open(
                directory, precision, Optional.empty(), new ImageReading(limits, false), device);
    }

    /**
     * The same with a chat template by name and another way to read images.
     *
     * @param template empty to take the checkpoint's own, or the one for the model's name
     */
    public static LlavaModel open(
            Path directory,
            Precision precision,
            Optional<String> template,
            ImageReading reading,
            Device device) {
        // The small files first: a directory that lacks one should not cost the weights' loading.
        LlavaConfig config = LlavaConfig.read(directory);
        PreprocessorConfig pixels = pixels(directory, config);
        Tokenizer tokenizer = Tokenizer.load(directory);
        try {
            LlavaPreprocessor preprocessor =
                    new LlavaPreprocessor(
                            new ImagePreprocessor(pixels, reading, config.imageLayout()),
                            new PromptAssembler(
                                    tokenizer,
                                    ChatTemplates.choose(directory, template, tokenizer),
                                    config.imageTokenId()),
                            config.text().contextTokens());
            Checkpoint checkpoint = Checkpoint.open(directory);
            ModelDescription description = description(directory, config, checkpoint);
            LlavaNetwork network = LlavaNetwork.open(config, checkpoint, precision, device);
            return new LlavaModel(description, tokenizer, preprocessor, network);
        } catch (IllegalArgumentException e) {
            tokenizer.close();
            throw new ModelLoadException(directory + ": " + e.getMessage(), e);
        } catch (RuntimeException e) {
            tokenizer.close();
            throw e;
        }
    }

    private static PreprocessorConfig pixels(Path directory, LlavaConfig config) {
        PreprocessorConfig pixels = PreprocessorConfig.read(directory);
        if (pixels.size() != config.vision().imageSize()) {
            throw new ModelLoadException(
                    "%s makes images of %d pixels, but vision_config.image_size of config.json is %d"
                            .formatted(
                                    directory.resolve("preprocessor_config.json"),
                                    pixels.size(),
                                    config.vision().imageSize()));
        }
        return pixels;
    }

    private static ModelDescription description(
            Path directory, LlavaConfig config, Checkpoint checkpoint) {
        Path name = directory.toAbsolutePath().normalize().getFileName();
        return new ModelDescription(
                String.valueOf(name),
                checkpoint.weightsSha256(),
                config.text().contextTokens(),
                config.eosTokenIds());
    }

    @Override
    public ModelDescription description() {
        return description;
    }

    @Override
    public RequestPreprocessor preprocessor() {
        return preprocessor;
    }

    @Override
    public TokenDecoder tokenDecoder() {
        return tokenizer;
    }

    @Override
    public ModelRunner runner() {
        return runner;
    }

    /** Closed after the engine's thread has made its last step. */
    @Override
    public void close() {
        runner.close();
        network.close();
        tokenizer.close();
    }
}
