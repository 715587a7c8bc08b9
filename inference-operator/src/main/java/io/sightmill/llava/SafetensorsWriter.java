package io.sightmill.llava;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Writes a safetensors file, tensor after tensor, holding none of them.
 *
 * <p>Format: 8 bytes little-endian header length, the header as JSON padded with spaces to a
 * multiple of 8, then the values, row-major and little-endian, in the order of the header.
 */
final class SafetensorsWriter implements Closeable {

    private static final int ALIGNMENT = 8;

    private final OutputStream output;
    private final List<Tensor> tensors;
    private int written;

    /** How a value is stored. */
    enum Format {
        F16(2),
        F32(4);

        private final int bytes;

        Format(int bytes) {
            this.bytes = bytes;
        }
    }

    /** A tensor to come. */
    record Tensor(String name, Format format, int... shape) {

        long values() {
            return Arrays.stream(shape).asLongStream().reduce(1, Math::multiplyExact);
        }

        private long bytes() {
            return values() * format.bytes;
        }
    }

    /**
     * Opens the file and writes its header.
     *
     * @param tensors in the order in which {@link #write} will get their values
     */
    SafetensorsWriter(Path file, List<Tensor> tensors) throws IOException {
        this.tensors = List.copyOf(tensors);
        byte[] header = header(this.tensors);
        this.output = new BufferedOutputStream(Files.newOutputStream(file));
        for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
            output.write((int) ((long) header.length >> shift));
        }
        output.write(header);
    }

    /**
     * Writes the next tensor.
     *
     * @param name must be the next one's, so that no two are swapped unseen
     */
    void write(String name, float[] values) throws IOException {
        if (written == tensors.size() || !tensors.get(written).name().equals(name)) {
            throw new IllegalArgumentException(
                    "tensor " + name + " is not the one at place " + written);
        }
        Tensor tensor = tensors.get(written++);
        if (values.length != tensor.values()) {
            throw new IllegalArgumentException(
                    "tensor %s has %d values and must have %d"
                            .formatted(name, values.length, tensor.values()));
        }
        for (float value : values) {
            if (tensor.format() == Format.F16) {
                writeBytes(HalfFloat.of(value), 2);
            } else {
                writeBytes(Float.floatToRawIntBits(value), 4);
            }
        }
    }

    private void writeBytes(int bits, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            output.write(bits >> Byte.SIZE * i);
        }
    }

    private static byte[] header(List<Tensor> tensors) throws IOException {
        ObjectMapper json = new ObjectMapper();
        ObjectNode header = json.createObjectNode();
        header.putObject("__metadata__").put("format", "pt");
        long offset = 0;
        for (Tensor tensor : tensors) {
            ObjectNode entry = header.putObject(tensor.name()).put("dtype", tensor.format().name());
            Arrays.stream(tensor.shape()).forEach(entry.putArray("shape")::add);
            long end = Math.addExact(offset, tensor.bytes());
            entry.putArray("data_offsets").add(offset).add(end);
            offset = end;
        }
        String text = json.writeValueAsString(header);
        int length = text.getBytes(StandardCharsets.UTF_8).length;
        return (text + " ".repeat(Math.floorMod(-length, ALIGNMENT)))
                .getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Closes the file.
     *
     * @throws IllegalStateException if tensors of the header were not written
     */
    @Override
    public void close() throws IOException {
        output.close();
        if (written < tensors.size()) {
            throw new IllegalStateException(
                    "tensor " + tensors.get(written).name() + " was not written");
        }
    }
}
