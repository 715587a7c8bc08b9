package io.sightmill.llava;

import io.sightmill.engine.Device;
import io.sightmill.engine.Model;
import io.sightmill.engine.ModelDescription;
import io.sightmill.engine.ModelLoadException;
import io.sightmill.engine.ModelRunner;
import io.sightmill.engine.RequestPreprocessor;
import io.sightmill.engine.TokenDecoder;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** A LLaVA checkpoint, loaded: what the engine and the operator use of it. */
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
     * tokenizer.json and safetensors; generation_config.json where it is there. Or one in the
     * authors' own, with the CLIP checkpoint's directory inside it or beside it.
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
                directory, precision, Optional.empty(), ImageReading.asReference(limits), device);
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
        return open(
                directory,
                precision,
                template,
                reading,
                LoadOptions.defaults(),
                LoadProgress.none(),
                device);
    }

    /** The same with what is checked and allowed, and with somebody who hears how far it is. */
    public static LlavaModel open(
            Path directory,
            Precision precision,
            Optional<String> template,
            ImageReading reading,
            LoadOptions options,
            LoadProgress progress,
            Device device) {
        Complaints complaints = Complaints.thrown();
        CheckpointDirectory.check(directory, options, complaints);
        // The small files first: a directory that lacks one should not cost the weights' loading.
        Optional<Path> tower = options.visionTowerPath();
        LlavaConfig config = LlavaConfig.read(directory, tower);
        CheckpointFit.checkImageToken(directory, config, complaints);
        PreprocessorConfig pixels = PreprocessorConfig.read(directory, tower);
        CheckpointFit.checkImages(directory, config, pixels, complaints);
        Tokenizer tokenizer = Tokenizer.load(directory);
        try {
            CheckpointFit.checkTokens(directory, config, tokenizer, complaints);
            ChatTemplate chat = chatTemplate(directory, config, template, tokenizer);
            LlavaPreprocessor preprocessor =
                    new LlavaPreprocessor(
                            new ImagePreprocessor(pixels, reading, config.imageLayout()),
                            new PromptAssembler(tokenizer, chat, config.imageTokenId()),
                            config.text().contextTokens());
            SmallParts parts = new SmallParts(directory, config, chat, tokenizer, preprocessor);
            return load(parts, precision, options, progress, device);
        } catch (IllegalArgumentException e) {
            tokenizer.close();
            throw new ModelLoadException(directory + ": " + e.getMessage(), e);
        } catch (RuntimeException | Error e) {
            tokenizer.close();
            throw e;
        }
    }

    private static ChatTemplate chatTemplate(
            Path directory, LlavaConfig config, Optional<String> name, Tokenizer tokenizer) {
        ChatTemplate template =
                ChatTemplates.choose(directory, name, tokenizer, config.imageTokenId());
        return config.framesImages() ? FramedImages.around(template, tokenizer) : template;
    }

    /** All but the weights. */
    private record SmallParts(
            Path directory,
            LlavaConfig config,
            ChatTemplate chat,
            Tokenizer tokenizer,
            LlavaPreprocessor preprocessor) {}

    private static LlavaModel load(
            SmallParts parts,
            Precision precision,
            LoadOptions options,
            LoadProgress progress,
            Device device) {
        Checkpoint checkpoint =
                Checkpoint.open(parts.directory(), options.visionTowerPath(), Complaints.thrown());
        long bytes = LlavaNetwork.neededBytes(parts.config(), checkpoint) + checkpoint.bytes();
        LoadMeter meter = new LoadMeter(progress, bytes);
        try (WeightsDigest digest = WeightsDigest.start(checkpoint, meter)) {
            WeightWatch watch = new WeightWatch(options, meter);
            LlavaNetwork network =
                    LlavaNetwork.open(parts.config(), checkpoint, precision, watch, device);
            try {
                return new LlavaModel(
                        description(
                                parts.directory(),
                                parts.config(),
                                digest.await(),
                                endTokens(parts.config(), parts.chat(), parts.tokenizer())),
                        parts.tokenizer(),
                        parts.preprocessor(),
                        network);
            } catch (RuntimeException | Error e) {
                network.close();
                throw e;
            }
        }
    }

    /** The original stops at its template's separators too, not at the end token alone. */
    private static Set<Integer> endTokens(
            LlavaConfig config, ChatTemplate chat, Tokenizer tokenizer) {
        Set<Integer> ids = new HashSet<>(config.eosTokenIds());
        chat.endTokens().forEach(token -> tokenizer.idOf(token).ifPresent(ids::add));
        return ids;
    }

    private static ModelDescription description(
            Path directory, LlavaConfig config, String weightsSha256, Set<Integer> endTokens) {
        Path name = directory.toAbsolutePath().normalize().getFileName();
        return new ModelDescription(
                String.valueOf(name), weightsSha256, config.text().contextTokens(), endTokens);
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

    @Override
    public ModelRunner newRunner() {
        return new LlavaRunner(network);
    }

    /** Closed after the engine's thread has made its last step. */
    @Override
    public void close() {
        runner.close();
        network.close();
        tokenizer.close();
    }
}
