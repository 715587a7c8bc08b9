package io.sightmill.llava;

import io.sightmill.engine.DialogueTurn;
import io.sightmill.engine.ModelLoadException;
import io.sightmill.engine.PreparedImage;
import io.sightmill.engine.RequestRejectedException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Dialogues and image files to what a checkpoint learns from, through the tokenizer, chat template
 * and preprocessing that it serves with. Thread-safe.
 */
public final class SampleEncoder implements AutoCloseable {

    private final LlavaConfig config;
    private final Tokenizer tokenizer;
    private final ChatTemplate template;
    private final ImagePreprocessor images;
    private final SampleAssembler samples;

    private SampleEncoder(
            Path directory, LlavaConfig config, Optional<String> name, Tokenizer tokenizer) {
        PreprocessorConfig pixels = PreprocessorConfig.read(directory);
        CheckpointFit.checkImages(directory, config, pixels, Complaints.thrown());
        CheckpointFit.checkTokens(directory, config, tokenizer, Complaints.thrown());
        ChatTemplate chosen =
                ChatTemplates.choose(directory, name, tokenizer, config.imageTokenId());
        this.config = config;
        this.tokenizer = tokenizer;
        this.template = config.framesImages() ? FramedImages.around(chosen, tokenizer) : chosen;
        this.images = new ImagePreprocessor(pixels, ImageReading.defaults(), config.imageLayout());
        this.samples =
                new SampleAssembler(
                        new PromptAssembler(tokenizer, template, config.imageTokenId()),
                        tokenizer,
                        config.eosTokenIds());
    }

    /**
     * Reads a checkpoint's small files.
     *
     * @param template by name, such as {@code plain} to align a projector on captions; empty for
     *     the checkpoint's own
     * @throws ModelLoadException naming the file that is missing, broken or does not fit
     * @throws IllegalArgumentException if no template has the name
     */
    public static SampleEncoder open(Path directory, Optional<String> template) {
        LlavaConfig config = LlavaConfig.read(directory);
        CheckpointFit.checkImageToken(directory, config, Complaints.thrown());
        Tokenizer tokenizer = Tokenizer.load(directory);
        try {
            return new SampleEncoder(directory, config, template, tokenizer);
        } catch (RuntimeException | Error e) {
            tokenizer.close();
            throw e;
        }
    }

    /**
     * Prepares an image.
     *
     * @throws RequestRejectedException if the file is no whole image in a supported format
     */
    public PixelImage image(byte[] file) throws RequestRejectedException {
        return images.preprocess(file);
    }

    /** How many positions any image takes; empty where that depends on its size. */
    public Optional<Integer> tokensPerImage() {
        return config.isTiled()
                ? Optional.empty()
                : Optional.of(config.imageLayout().tokensPerTile());
    }

    /**
     * A dialogue with all its answers. Nothing of it is learned if its tokens do not spell the
     * answers.
     *
     * @param turns oldest first
     * @throws PromptRefusedException if the chat template has no form for the dialogue
     */
    public TrainingSample encode(List<DialogueTurn> turns, List<? extends PreparedImage> prepared) {
        return samples.assemble(template.renderAnswered(turns, prepared.size()), prepared);
    }

    /**
     * The same as {@link #encode} makes it, but for the pixels: to know lengths and faults before
     * an image is read.
     */
    public TrainingSample encodeWithoutPixels(List<DialogueTurn> turns, int imageCount) {
        int tokens = tokensPerImage().orElseThrow();
        return encode(turns, Collections.nCopies(imageCount, new Placeholder(tokens)));
    }

    /**
     * A dialogue that was encoded before, with or without its pixels.
     *
     * @param known what was learned of it then
     */
    public TrainingSample encodeAgain(
            List<DialogueTurn> turns,
            List<? extends PreparedImage> prepared,
            LearnedStretches known) {
        return samples.assembleAgain(
                template.renderAnswered(turns, prepared.size()), prepared, known);
    }

    /** Stands for an image that has not been read. */
    private record Placeholder(int tokens) implements PreparedImage {

        @Override
        public String key() {
            return "";
        }
    }

    /**
     * Text alone, all of which is learned, and the end after it: what a language model starts from.
     */
    public TrainingSample encodeText(String text) {
        return samples.text(text);
    }

    /** Most positions of a sequence. */
    public int contextTokens() {
        return config.text().contextTokens();
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
