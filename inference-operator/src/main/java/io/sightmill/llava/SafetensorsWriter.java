package io.sightmill.llava;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writes a safetensors file, piece after piece, holding none of them. {@link #write} may be called
 * by several threads at once and in any order.
 *
 * <p>Format: 8 bytes little-endian header length, the header as JSON padded with spaces to a
 * multiple of 8, then the values, row-major and little-endian, in the order of the header.
 */
final class SafetensorsWriter implements Closeable {

    private static final int ALIGNMENT = 8;

    private final Path file;
    private final FileChannel channel;
    private final List<Tensor> tensors;
    private final long[] begins;
    private final long length;
    private final AtomicLong written = new AtomicLong();

    /** A tensor to come. */
    record Tensor(String name, WeightType type, int... shape) {

        long values() {
            return Arrays.stream(shape).asLongStream().reduce(1, Math::multiplyExact);
        }

        long bytes() {
            return Math.multiplyExact(values(), type.element().bytes());
        }
    }

    /** Makes the file, over one of the same name, and writes its header. */
    SafetensorsWriter(Path file, List<Tensor> tensors) throws IOException {
        this.file = file;
        this.tensors = List.copyOf(tensors);
        byte[] header = header(this.tensors);
        this.begins = new long[this.tensors.size()];
        long begin = Long.BYTES + header.length;
        for (int i = 0; i < begins.length; i++) {
            begins[i] = begin;
            begin = Math.addExact(begin, this.tensors.get(i).bytes());
        }
        this.length = begin;
        this.channel =
                FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE);
        ByteBuffer first = ByteBuffer.allocate(Long.BYTES + header.length);
        first.order(ByteOrder.LITTLE_ENDIAN).putLong(header.length).put(header);
        writeAt(0, first.flip());
    }

    /**
     * Writes a piece of a tensor.
     *
     * @param tensor which one, by its place in the header
     * @param from index of its first value
     * @param values little-endian
     */
    void write(int tensor, long from, ByteBuffer values) throws IOException {
        Tensor target = tensors.get(tensor);
        long offset = from * target.type().element().bytes();
        if (from < 0 || offset + values.remaining() > target.bytes()) {
            throw new IllegalArgumentException(
                    "tensor %s has %d values; %d bytes do not fit from value %d on"
                            .formatted(target.name(), target.values(), values.remaining(), from));
        }
        writeAt(begins[tensor] + offset, values);
    }

    private void writeAt(long position, ByteBuffer bytes) throws IOException {
        int count = bytes.remaining();
        while (bytes.hasRemaining()) {
            channel.write(bytes, position + count - bytes.remaining());
        }
        written.addAndGet(count);
    }

    /**
     * Waits until the disk has everything.
     *
     * @throws IllegalStateException if a value was not written, or one twice
     */
    void finish() throws IOException {
        if (written.get() != length) {
            throw new IllegalStateException(
                    "%s has got %d of %d bytes".formatted(file, written.get(), length));
        }
        channel.force(true);
    }

    private static byte[] header(List<Tensor> tensors) throws IOException {
        ObjectMapper json = new ObjectMapper();
        ObjectNode header = json.createObjectNode();
        header.putObject("__metadata__").put("format", "pt");
        long offset = 0;
        for (Tensor tensor : tensors) {
            ObjectNode entry =
                    header.putObject(tensor.name()).put("dtype", tensor.type().element().name());
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

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
