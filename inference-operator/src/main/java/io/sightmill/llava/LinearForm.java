package io.sightmill.llava;

/**
 * How the weights of a linear layer are kept and multiplied; {@code kernels/linear.py} does both.
 */
enum LinearForm {
    /** Reordered once for products in float32. */
    FLOAT32(6, 4, true),

    /** Reordered once for a processor that multiplies in bfloat16. */
    BFLOAT16(15, 2, true),

    /**
     * Two bytes a weight, widened to float32 tile by tile: half the memory of float32 weights.
     * About as fast for a prompt; for a single row it measured slower, on a busy machine.
     */
    WIDENED_BFLOAT16(15, 2, false),

    /** Reordered once for a processor that multiplies and sums 8-bit integers without loss. */
    INT8(1, 1, true),

    /**
     * One byte a weight, widened to float32 tile by tile. Elsewhere 8-bit products are summed in
     * pairs in 16 bits, which 255 x 127 x 2 does not fit: the sum saturates. Products of integers
     * below 128 are exact in float32, and so are their sums up to 2^24.
     */
    WIDENED_INT8(1, 1, false);

    private final int scalarType;
    private final int bytes;
    private final boolean reordered;

    LinearForm(int scalarType, int bytes, boolean reordered) {
        this.scalarType = scalarType;
        this.bytes = bytes;
        this.reordered = reordered;
    }

    /** The number TorchScript knows the type of the stored weights by. */
    int scalarType() {
        return scalarType;
    }

    /** Of a stored weight. */
    int bytes() {
        return bytes;
    }

    boolean reordered() {
        return reordered;
    }
}
