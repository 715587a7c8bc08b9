package io.sightmill.llava;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Writes a LLaVA-1.5 checkpoint with random weights in Hugging Face's layout: something to run the
 * whole machine with. Its words mean nothing.
 *
 * <p>The same shape and seed give the same files, to the byte, on every Java runtime.
 */
public final class CheckpointGenerator {

    static final long SIGHTMILL_TINY_SEED = 20_261_122;

    private static final String SENTENCES = "scene-sentences.txt";

    private CheckpointGenerator() {}

    /** Writes the model that comes with the project to the directory named. */
    public static void main(String[] arguments) {
        if (arguments.length != 1) {
            System.err.println("usage: CheckpointGenerator DIRECTORY");
            System.exit(2);
        }
        generate(Path.of(arguments[0]), CheckpointShape.sightmillTiny(), SIGHTMILL_TINY_SEED);
    }

    /**
     * Writes the checkpoint, over files of the same names where there are any.
     *
     * @param directory made if it is missing
     * @throws UncheckedIOException if a file cannot be written
     */
    public static void generate(Path directory, CheckpointShape shape, long seed) {
        TokenizerFile tokenizer = TokenizerFile.train(readSentences(), shape.mostVocabulary());
        try {
            Files.createDirectories(directory);
            writeConfigs(directory, new CheckpointConfigs(shape, tokenizer).files());
            writeWeights(
                    directory.resolve("model.safetensors"),
                    CheckpointTensors.list(shape, tokenizer, seed));
        } catch (IOException e) {
            throw new UncheckedIOException("the checkpoint cannot be written to " + directory, e);
        }
    }

    private static void writeConfigs(Path directory, Map<String, ObjectNode> files)
            throws IOException {
        // A line feed whatever the platform's line ending is.
        DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
        DefaultPrettyPrinter printer =
                new DefaultPrettyPrinter(
                                Separators.createDefaultInstance()
                                        .withObjectFieldValueSpacing(Separators.Spacing.AFTER))
                        .withObjectIndenter(indenter)
                        .withArrayIndenter(indenter);
        ObjectWriter writer = new ObjectMapper().writer(printer);
        for (Map.Entry<String, ObjectNode> file : files.entrySet()) {
            Files.writeString(
                    directory.resolve(file.getKey()),
                    writer.writeValueAsString(file.getValue()) + "\n");
        }
    }

    private static void writeWeights(Path file, List<CheckpointTensors.Entry> entries)
            throws IOException {
        List<SafetensorsWriter.Tensor> tensors =
                entries.stream().map(CheckpointTensors.Entry::tensor).toList();
        try (SafetensorsWriter writer = new SafetensorsWriter(file, tensors)) {
            for (CheckpointTensors.Entry entry : entries) {
                writer.write(entry.tensor().name(), entry.values().get());
            }
        }
    }

    private static List<String> readSentences() {
        try (InputStream input = CheckpointGenerator.class.getResourceAsStream(SENTENCES);
                BufferedReader reader =
                        new BufferedReader(new InputStreamReader(input, StandardCharsets.UTF_8))) {
            return reader.lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException("the resource " + SENTENCES + " cannot be read", e);
        }
    }
}
