package io.sightmill.llava;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Where a tensor lies in a safetensors file.
 *
 * @param shape lengths of its dimensions; empty for a scalar
 * @param begin offset of its first byte in the file
 * @param end offset after its last byte
 */
record SafetensorsTensor(String name, ElementType type, List<Long> shape, long begin, long end) {

    SafetensorsTensor {
        shape = List.copyOf(shape);
    }

    long elements() {
        return byteLength() / type.bytes();
    }

    long byteLength() {
        return end - begin;
    }

    boolean hasShape(long... expected) {
        return Arrays.equals(shapeArray(), expected);
    }

    long[] shapeArray() {
        return shape.stream().mapToLong(Long::longValue).toArray();
    }

    /** For messages: {@code F16 [2, 3]}. */
    String describe() {
        return type
                + shape.stream().map(String::valueOf).collect(Collectors.joining(", ", " [", "]"));
    }
}
