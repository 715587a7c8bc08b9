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
        WeightType type = tensor.type();
        if (zeroRows.isEmpty()) {
            for (long index = from; buffer.hasRemaining(); index++) {
                type.put(buffer, random.at(index));
            }
            return;
        }
        long width = tensor.values() / tensor.shape()[0];
        for (long index = from; buffer.hasRemaining(); index++) {
            boolean isZero = zeroRows.get((int) (index / width));
            type.put(buffer, isZero ? 0 : random.at(index));
        }
    }
}
