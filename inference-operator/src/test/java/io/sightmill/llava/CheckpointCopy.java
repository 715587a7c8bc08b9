package io.sightmill.llava;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** A copy of the small checkpoint for a test to spoil or rewrite. */
record CheckpointCopy(Path directory) {

    static final String INDEX = "model.safetensors.index.json";

    private static final ObjectMapper JSON = new ObjectMapper();

    static CheckpointCopy in(Path directory) throws IOException {
        return of("tiny-llava", directory);
    }

    /** Puts back what a test took away. */
    static void restore(Path directory) throws IOException {
        for (Path file : list(ReferenceFiles.path("tiny-llava"))) {
            Path copy = directory.resolve(file.getFileName().toString());
            Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** A copy of another checkpoint of the test resources. */
    static CheckpointCopy of(String name, Path directory) throws IOException {
        for (Path file : list(ReferenceFiles.path(name))) {
            Files.copy(file, directory.resolve(file.getFileName().toString()));
        }
        return new CheckpointCopy(directory);
    }

    Path file(String name) {
        return directory.resolve(name);
    }

    List<Path> shards() throws IOException {
        return list(directory).stream()
                .filter(file -> file.toString().endsWith(".safetensors"))
                .toList();
    }

    /** Changes a JSON file. */
    void edit(String name, Consumer<ObjectNode> change) throws IOException {
        ObjectNode root = (ObjectNode) JSON.readTree(file(name).toFile());
        change.accept(root);
        JSON.writeValue(file(name).toFile(), root);
    }

    /** Renames tensors in all shards and in the index. */
    void renameTensors(UnaryOperator<String> rename) throws IOException {
        for (Path shard : shards()) {
            rewrite(shard, rename, 0);
        }
        if (Files.exists(file(INDEX))) {
            edit(
                    INDEX,
                    index -> {
                        ObjectNode old = (ObjectNode) index.get("weight_map");
                        ObjectNode renamed = index.putObject("weight_map");
                        old.properties()
                                .forEach(
                                        entry ->
                                                renamed.set(
                                                        rename.apply(entry.getKey()),
                                                        entry.getValue()));
                    });
        }
    }

    /** Writes a value over one of a float16 tensor; the bits are the value's. */
    void overwrite(String shard, String tensor, int index, int bits) throws IOException {
        long begin = SafetensorsFile.open(file(shard)).tensor(tensor).orElseThrow().begin();
        byte[] bytes = Files.readAllBytes(file(shard));
        ByteBuffer.wrap(bytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putShort(Math.toIntExact(begin) + 2 * index, (short) bits);
        Files.write(file(shard), bytes);
    }

    /** Changes the header of a shard; the new one must not be longer. */
    void editHeader(String shard, UnaryOperator<String> change) throws IOException {
        ByteBuffer bytes =
                ByteBuffer.wrap(Files.readAllBytes(file(shard))).order(ByteOrder.LITTLE_ENDIAN);
        int length = Math.toIntExact(bytes.getLong());
        String old = new String(bytes.array(), 8, length, StandardCharsets.UTF_8);
        byte[] changed = change.apply(old).getBytes(StandardCharsets.UTF_8);
        bytes.put(changed)
                .put(" ".repeat(length - changed.length).getBytes(StandardCharsets.UTF_8));
        Files.write(file(shard), bytes.array());
    }

    /** Pushes the data of all shards to an odd offset. */
    void misalign() throws IOException {
        for (Path shard : shards()) {
            rewrite(shard, UnaryOperator.identity(), 1);
        }
    }

    private static void rewrite(Path shard, UnaryOperator<String> rename, int offset)
            throws IOException {
        ByteBuffer old = ByteBuffer.wrap(Files.readAllBytes(shard)).order(ByteOrder.LITTLE_ENDIAN);
        int headerLength = Math.toIntExact(old.getLong());
        ObjectNode renamed = JSON.createObjectNode();
        JSON.readTree(old.array(), 8, headerLength)
                .properties()
                .forEach(entry -> renamed.set(rename.apply(entry.getKey()), entry.getValue()));
        String header = renamed.toString();
        header += " ".repeat(Math.floorMod(offset - header.length(), 8));
        byte[] data = new byte[old.capacity() - 8 - headerLength];
        old.position(8 + headerLength).get(data);
        writeSafetensors(shard, header, data);
    }

    static void writeSafetensors(Path file, String header, byte[] data) throws IOException {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes =
                ByteBuffer.allocate(8 + text.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(text.length).put(text).put(data);
        Files.write(file, bytes.array());
    }

    private static List<Path> list(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.sorted().toList();
        }
    }
}
