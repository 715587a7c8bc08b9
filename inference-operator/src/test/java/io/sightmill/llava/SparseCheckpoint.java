package io.sightmill.llava;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A checkpoint of any size whose weights are holes in a file: only its headers can be read. */
final class SparseCheckpoint {

    private SparseCheckpoint() {}

    /** Widens the text model; heads stay. */
    static void enlarge(CheckpointCopy copy, int hidden, int intermediate) throws IOException {
        copy.edit(
                "config.json",
                config ->
                        ((ObjectNode) config.get("text_config"))
                                .put("hidden_size", hidden)
                                .put("num_hidden_layers", 40)
                                .put("num_attention_heads", 128)
                                .put("num_key_value_heads", 128)
                                .put("intermediate_size", intermediate));
        rewriteWeights(copy);
    }

    /** The shape of the published LLaVA-1.5 of seven billion parameters. */
    static void asLlava7b(CheckpointCopy copy) throws IOException {
        copy.edit(
                "config.json",
                config -> {
                    config.putObject("vision_config")
                            .put("model_type", "clip_vision_model")
                            .put("hidden_size", 1024)
                            .put("intermediate_size", 4096)
                            .put("num_hidden_layers", 24)
                            .put("num_attention_heads", 16)
                            .put("image_size", 336)
                            .put("patch_size", 14);
                    config.putObject("text_config")
                            .put("model_type", "llama")
                            .put("max_position_embeddings", 4096)
                            .put("vocab_size", 32_064);
                });
        copy.edit(
                "preprocessor_config.json",
                config -> config.put("crop_size", 336).put("size", 336));
        rewriteWeights(copy);
    }

    private static void rewriteWeights(CheckpointCopy copy) throws IOException {
        for (Path shard : copy.shards()) {
            Files.delete(shard);
        }
        Files.delete(copy.file(CheckpointCopy.INDEX));
        write(
                copy.file("model.safetensors"),
                DeclaredWeights.of(LlavaConfig.read(copy.directory())));
    }

    /** A file in float16 that has what is declared, under the oldest names. */
    static void write(Path file, List<TensorDeclaration> declared) throws IOException {
        ObjectNode header = new ObjectMapper().createObjectNode();
        long end = 0;
        for (TensorDeclaration tensor : declared) {
            ObjectNode entry = header.putObject(tensor.part().names(tensor.name()).get(0));
            entry.put("dtype", "F16").set("shape", new ObjectMapper().valueToTree(tensor.shape()));
            entry.putArray("data_offsets").add(end).add(end += 2 * tensor.elements());
        }
        byte[] text = header.toString().getBytes(StandardCharsets.UTF_8);
        ByteBuffer begin = ByteBuffer.allocate(8 + text.length).order(ByteOrder.LITTLE_ENDIAN);
        try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
            out.write(begin.putLong(text.length).put(text).array());
            out.setLength(begin.capacity() + end);
        }
    }
}
