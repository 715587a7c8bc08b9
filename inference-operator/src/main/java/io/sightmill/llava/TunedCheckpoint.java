package io.sightmill.llava;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Writes a tuned model as a checkpoint like the one it came from: every file of that one, in which
 * the values of what was trained are replaced, in the type that they have there.
 *
 * <p>INVARIANT: no byte of a tensor that was not trained differs.
 */
final class TunedCheckpoint {

    /** Values converted at a time. */
    private static final int CHUNK = 1 << 20;

    private final Path source;
    private final CheckpointTarget target;
    private final Map<Path, Path> copies = new HashMap<>();

    private TunedCheckpoint(Path source, CheckpointTarget target) {
        this.source = source;
        this.target = target;
    }

    /**
     * @param directory made if it is missing
     * @param replaces whether it may hold something
     */
    static void write(TrainableModel model, Path directory, boolean replaces) throws IOException {
        Path source = model.directory().toRealPath();
        if (Files.exists(directory) && directory.toRealPath().equals(source)) {
            throw new IllegalArgumentException(
                    directory + " is the checkpoint that is tuned; name another directory");
        }
        try (CheckpointTarget target =
                CheckpointTarget.open(
                        directory, replaces, bytes(source), CheckpointTarget.FreeSpace.ofDisk())) {
            TunedCheckpoint checkpoint = new TunedCheckpoint(source, target);
            checkpoint.copyFiles();
            for (TrainableTensor tensor : model.trainedTensors()) {
                checkpoint.replace(model, tensor);
            }
            target.commit();
        }
    }

    private static long bytes(Path source) throws IOException {
        try (Stream<Path> files = Files.walk(source)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    private void copyFiles() throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(source)) {
            files = all.filter(Files::isRegularFile).toList();
        }
        for (Path file : files) {
            Path copy = target.partial(source.relativize(file).toString());
            // The content, also of what is a link into a cache.
            Files.copy(file.toRealPath(), copy);
            copies.put(file.toRealPath(), copy);
        }
    }

    private void replace(TrainableModel model, TrainableTensor tensor) throws IOException {
        long row = 0;
        for (int piece = 0; piece < tensor.pieces().size(); piece++) {
            Checkpoint.Entry entry = tensor.pieces().get(piece);
            long rows = entry.tensor().shape().get(0);
            try (NDArray values = model.trainedValues(tensor, piece, row, row + rows)) {
                write(entry, values);
            }
            row += rows;
        }
    }

    private void write(Checkpoint.Entry entry, NDArray values) throws IOException {
        Path copy = copies.get(entry.file().path().toRealPath());
        if (copy == null) {
            throw new IOException(
                    "%s is outside %s and cannot be tuned there; copy the vision tower into the checkpoint's directory"
                            .formatted(entry.file().path(), source));
        }
        WeightType type = WeightType.valueOf(typeName(entry.tensor().type()));
        try (FileChannel channel = FileChannel.open(copy, StandardOpenOption.WRITE);
                NDArray flat = values.flatten()) {
            long position = entry.tensor().begin();
            for (long from = 0; from < flat.size(); from += CHUNK) {
                long to = Math.min(flat.size(), from + CHUNK);
                try (NDArray chunk = flat.get(new NDIndex("{}:{}", from, to))) {
                    ByteBuffer bytes = encode(type, chunk.toFloatArray());
                    while (bytes.hasRemaining()) {
                        position += channel.write(bytes, position);
                    }
                }
            }
            channel.force(true);
        }
    }

    private static String typeName(ElementType type) {
        return switch (type) {
            case F16 -> "FLOAT16";
            case BF16 -> "BFLOAT16";
            default -> "FLOAT32";
        };
    }

    private static ByteBuffer encode(WeightType type, float[] values) {
        ByteBuffer bytes =
                ByteBuffer.allocate(values.length * type.element().bytes())
                        .order(ByteOrder.LITTLE_ENDIAN);
        type.put(bytes, values);
        return bytes.flip();
    }
}
