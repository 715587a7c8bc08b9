package io.sightmill.llava;

import io.sightmill.engine.ModelLoadException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;

/**
 * A safetensors file whose header has been read and checked. Its tensors are mapped by {@link
 * TensorMapper}; small ones can be read into Java arrays. Immutable; holds no open file.
 */
final class SafetensorsFile {

    // The limit of the format's own reader; keeps a hostile length from taking the heap.
    private static final long MOST_HEADER_BYTES = 100_000_000;
    private static final int LENGTH_BYTES = Long.BYTES;

    private final Path path;
    private final long bytes;
    private final Map<String, SafetensorsTensor> tensors;

    private SafetensorsFile(Path path, long bytes, Map<String, SafetensorsTensor> tensors) {
        this.path = path;
        this.bytes = bytes;
        this.tensors = Collections.unmodifiableMap(tensors);
    }

    /**
     * Reads the header.
     *
     * @throws ModelLoadException naming the file and what is wrong in it
     */
    static SafetensorsFile open(Path path) {
        // To open a pipe would wait for a writer.
        if (!Files.isRegularFile(path)) {
            throw new ModelLoadException(path + " is missing or no regular file");
        }
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            long fileLength = channel.size();
            if (fileLength < LENGTH_BYTES) {
                throw new ModelLoadException(
                        path + " is broken: " + fileLength + " bytes cannot hold a header");
            }
            long headerLength = read(channel, 0, LENGTH_BYTES).getLong();
            if (headerLength < 2
                    || headerLength > MOST_HEADER_BYTES
                    || headerLength > fileLength - LENGTH_BYTES) {
                throw new ModelLoadException(
                        "%s is broken: it claims a header of %s bytes and has %d bytes"
                                .formatted(path, Long.toUnsignedString(headerLength), fileLength));
            }
            byte[] header = read(channel, LENGTH_BYTES, (int) headerLength).array();
            long dataBegin = LENGTH_BYTES + headerLength;
            return new SafetensorsFile(
                    path, fileLength, SafetensorsHeader.parse(path, header, dataBegin, fileLength));
        } catch (IOException e) {
            throw new ModelLoadException(path + " cannot be read: " + e, e);
        }
    }

    Path path() {
        return path;
    }

    /** Length of the file, header included. */
    long bytes() {
        return bytes;
    }

    /** By name, in the header's order. */
    Map<String, SafetensorsTensor> tensors() {
        return tensors;
    }

    Optional<SafetensorsTensor> tensor(String name) {
        return Optional.ofNullable(tensors.get(name));
    }

    /**
     * Reads an F32 tensor of at most 2^31 bytes.
     *
     * @throws ModelLoadException if there is none of this name and type
     */
    float[] floats(String name) {
        ByteBuffer bytes = content(name, ElementType.F32);
        float[] values = new float[bytes.remaining() / Float.BYTES];
        bytes.asFloatBuffer().get(values);
        return values;
    }

    /**
     * Reads an I64 tensor of at most 2^31 bytes.
     *
     * @throws ModelLoadException if there is none of this name and type
     */
    long[] longs(String name) {
        ByteBuffer bytes = content(name, ElementType.I64);
        long[] values = new long[bytes.remaining() / Long.BYTES];
        bytes.asLongBuffer().get(values);
        return values;
    }

    private ByteBuffer content(String name, ElementType type) {
        SafetensorsTensor tensor =
                tensor(name)
                        .filter(found -> found.type() == type)
                        .orElseThrow(
                                () ->
                                        new ModelLoadException(
                                                "%s has no %s tensor '%s'"
                                                        .formatted(path, type, name)));
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            return read(channel, tensor.begin(), Math.toIntExact(tensor.end() - tensor.begin()));
        } catch (IOException | ArithmeticException e) {
            throw new ModelLoadException(path + ": tensor '" + name + "' cannot be read: " + e, e);
        }
    }

    private static ByteBuffer read(FileChannel channel, long offset, int length)
            throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, offset + bytes.position()) < 0) {
                throw new EOFException("ends at " + (offset + bytes.position()));
            }
        }
        return bytes.flip();
    }
}
