package io.sightmill.llava;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a checkpoint is, as far as its configuration and headers tell, and what is wrong with it.
 *
 * @param model empty if config.json cannot be used; parts, images and memory are then empty too
 * @param parts what is loaded of the checkpoint, part by part
 * @param files the weight files whose headers can be read, in name order
 * @param tokenizer empty if there is none that can be used
 * @param chatTemplate name of a prompt's form, {@link #OWN_TEMPLATE} for the checkpoint's own;
 *     empty if there is none that can be used
 * @param images what images of some sizes take in a prompt
 * @param memory what the loaded model takes, by precision
 * @param machineBytes memory of this machine or container
 * @param problems one line each, bounded in number; empty for a sound checkpoint
 */
public record ModelReport(
        Path directory,
        Optional<Shape> model,
        List<Part> parts,
        List<WeightFile> files,
        Optional<TokenizerFile> tokenizer,
        Optional<String> chatTemplate,
        List<ImageTokens> images,
        List<Memory> memory,
        long machineBytes,
        List<String> problems) {

    /** Stands for the chat template that the checkpoint brings. */
    public static final String OWN_TEMPLATE = "own";

    /**
     * What text is cut into tokens by.
     *
     * @param name tokenizer.json, or tokenizer.model of SentencePiece
     * @param tokens how many ids it knows
     */
    public record TokenizerFile(String name, int tokens) {}

    /**
     * What config.json says.
     *
     * @param family LLaVA v1, LLaVA-1.5 or LLaVA-NeXT
     * @param layout Hugging Face or authors
     * @param textModel model_type of the language model
     */
    public record Shape(String family, String layout, String textModel, LlavaConfig config) {}

    /**
     * A part of the model.
     *
     * @param name vision, projector, language, head or newline
     * @param parameters that config.json asks for; tied ones count once
     * @param fileBytes of those that the files hold
     */
    public record Part(String name, long parameters, long fileBytes) {}

    /**
     * A safetensors file.
     *
     * @param parameters how many it holds of each type, loaded or not
     */
    public record WeightFile(String name, long bytes, int tensors, Map<String, Long> parameters) {}

    /**
     * What an image takes.
     *
     * @param tokens positions in a prompt
     * @param tiles how often the vision tower runs
     */
    public record ImageTokens(int width, int height, int tokens, int tiles) {}

    /**
     * What the model takes in a precision, in bytes.
     *
     * @param weights on a processor that has products in this precision
     * @param kvPerToken keys and values of one position
     * @param kvFullContext keys and values of the longest sequence
     * @param kvOneImage keys and values of the first image and 256 tokens of text
     */
    public record Memory(
            Precision precision,
            long weights,
            long kvPerToken,
            long kvFullContext,
            long kvOneImage) {}

    public ModelReport {
        parts = List.copyOf(parts);
        files = List.copyOf(files);
        images = List.copyOf(images);
        memory = List.copyOf(memory);
        problems = List.copyOf(problems);
    }

    public boolean isSound() {
        return problems.isEmpty();
    }

    /** Of all parts. */
    public long parameters() {
        return parts.stream().mapToLong(Part::parameters).sum();
    }

    /** Of all weight files, headers included. */
    public long fileBytes() {
        return files.stream().mapToLong(WeightFile::bytes).sum();
    }
}
