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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;

/**
 * Writes a LLaVA checkpoint of any family and size with random weights: something to run, measure
 * and test the whole machine with. Its words mean nothing.
 *
 * <p>The same plan gives the same files, to the byte, on every Java runtime. Memory is a few
 * megabytes whatever the model's size.
 */
public final class CheckpointGenerator {

    private static final String SENTENCES = "scene-sentences.txt";

    private final List<WeightShard> shards = new ArrayList<>();
    private final Map<String, ObjectNode> configs = new LinkedHashMap<>();

    /** Plans all files; writes none. */
    public CheckpointGenerator(CheckpointPlan plan) {
        this(plan, readSentences());
    }

    /**
     * The same with a tokenizer of one's own: for a checkpoint that will be trained.
     *
     * @param text lines that the tokenizer is learned from
     */
    public CheckpointGenerator(CheckpointPlan plan, List<String> text) {
        TokenizerFile tokenizer =
                TokenizerFile.train(text, plan.shape().text().vocabulary(), addedTokens(plan));
        configs.putAll(CheckpointConfigs.files(plan, tokenizer));
        List<GeneratedTensor> vision = CheckpointTensors.vision(plan, tokenizer);
        List<GeneratedTensor> language = CheckpointTensors.language(plan, tokenizer);
        if (GeneratedPart.holdsVision(plan)) {
            List<GeneratedTensor> all = new ArrayList<>(vision);
            all.addAll(language);
            add("", all, plan.shardBytes());
        } else {
            add("", language, plan.shardBytes());
            add(plan.shape().vision().checkpointName() + "/", vision, plan.shardBytes());
        }
    }

    private void add(String folder, List<GeneratedTensor> tensors, long shardBytes) {
        List<WeightShard> split = WeightShard.split(folder, tensors, shardBytes);
        shards.addAll(split);
        if (split.size() > 1) {
            configs.put(folder + "model.safetensors.index.json", WeightShard.index(split));
        }
    }

    private static List<String> addedTokens(CheckpointPlan plan) {
        if (plan.layout() == CheckpointLayout.HUGGING_FACE) {
            return TokenizerFile.IMAGE_AND_PADDING;
        }
        return plan.shape().family() == CheckpointFamily.V1 ? TokenizerFile.IMAGE_MARKS : List.of();
    }

    /** Bytes of all weights. */
    public long weightBytes() {
        return shards.stream().mapToLong(WeightShard::bytes).sum();
    }

    /** How many numbers the weights are. */
    public long parameters() {
        return shards.stream()
                .flatMap(shard -> shard.tensors().stream())
                .mapToLong(each -> each.tensor().values())
                .sum();
    }

    /** The weight files' paths inside the checkpoint's directory. */
    public List<String> weightFiles() {
        return shards.stream().map(WeightShard::path).toList();
    }

    /**
     * Writes the checkpoint. Until it is whole its files have other names; if it fails, they are
     * taken away again.
     *
     * @param directory made if it is missing
     * @param replaces whether the directory may hold something; a checkpoint in it is replaced,
     *     other files stay
     * @param progress gets the bytes of weights that each step has written, on the calling thread;
     *     what it throws ends the work and comes out of here
     * @throws IllegalArgumentException if the directory is a file, or holds something and may not
     * @throws UncheckedIOException if a file cannot be written or the disk has too little space
     */
    public void write(Path directory, boolean replaces, LongConsumer progress) {
        write(directory, replaces, progress, CheckpointTarget.FreeSpace.ofDisk());
    }

    void write(
            Path directory,
            boolean replaces,
            LongConsumer progress,
            CheckpointTarget.FreeSpace space) {
        try (CheckpointTarget target =
                CheckpointTarget.open(directory, replaces, weightBytes(), space)) {
            writeConfigs(target);
            writeWeights(target, progress);
            target.commit();
        } catch (IOException e) {
            throw new UncheckedIOException("the checkpoint is not written: " + e.getMessage(), e);
        }
    }

    private void writeConfigs(CheckpointTarget target) throws IOException {
        // A line feed whatever the platform's line ending is.
        DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
        DefaultPrettyPrinter printer =
                new DefaultPrettyPrinter(
                                Separators.createDefaultInstance()
                                        .withObjectFieldValueSpacing(Separators.Spacing.AFTER))
                        .withObjectIndenter(indenter)
                        .withArrayIndenter(indenter);
        ObjectWriter writer = new ObjectMapper().writer(printer);
        for (Map.Entry<String, ObjectNode> file : configs.entrySet()) {
            Files.writeString(
                    target.partial(file.getKey()),
                    writer.writeValueAsString(file.getValue()) + "\n");
        }
    }

    private void writeWeights(CheckpointTarget target, LongConsumer progress) throws IOException {
        for (WeightShard shard : shards) {
            List<SafetensorsWriter.Tensor> tensors =
                    shard.tensors().stream().map(GeneratedTensor::tensor).toList();
            // The chunks end before their file is closed.
            try (SafetensorsWriter file =
                            new SafetensorsWriter(target.partial(shard.path()), tensors);
                    WeightChunks chunks = new WeightChunks(progress)) {
                chunks.write(file, shard.tensors());
                file.finish();
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
