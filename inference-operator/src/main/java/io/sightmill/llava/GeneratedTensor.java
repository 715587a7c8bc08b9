package io.sightmill.llava;

import java.nio.ByteBuffer;
import java.util.BitSet;

/**
 * A tensor of a generated checkpoint and the values it gets. Immutable; its parts may be made by
 * several threads.
 *
 * @param tensor as the file names it
 * @param random its values
 * @param zeroRows rows of which every value is 0 instead
 */
record GeneratedTensor(SafetensorsWriter.Tensor tensor, RandomValues random, BitSet zeroRows) {

    /** Appends values from an index on until the buffer is full. */
    void fill(ByteBuffer buffer, long from) {
        float[] values = new float[buffer.remaining() / tensor.type().element().bytes()];
        random.fill(values, from);
        if (!zeroRows.isEmpty()) {
            long width = tensor.values() / tensor.shape()[0];
            for (int i = 0; i < values.length; i++) {
                values[i] = zeroRows.get((int) ((from + i) / width)) ? 0 : values[i];
            }
        }
        tensor.type().put(buffer, values);
    }
}
