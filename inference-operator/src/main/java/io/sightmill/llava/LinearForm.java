package io.sightmill.llava;

/**
 * How the weights of a linear layer are kept and multiplied; {@code kernels/linear.py} does both.
 */
enum LinearForm {
    /** Reordered once for products in float32. */
    FLOAT32(6, 4, Layout.REORDERED),

    /** As they are, where products of reordered weights come out wrong. */
    KEPT_FLOAT32(6, 4, Layout.KEPT),

    /** Reordered once for a processor that multiplies in bfloat16. */
    BFLOAT16(15, 2, Layout.REORDERED),

    /**
     * Values of bfloat16 in float16, scaled by a power of two an output so that none that matters
     * loses a bit, and packed for FBGEMM, which widens them in registers and multiplies in float32:
     * one row costs the reading of two bytes a weight, many as much as in float32.
     */
    PACKED_BFLOAT16(15, 2, Layout.PACKED),

    /**
     * Two bytes a weight, widened to float32 tile by tile, where there is no FBGEMM. As fast for a
     * prompt; a single row costs four times as much as packed.
     */
    WIDENED_BFLOAT16(15, 2, Layout.KEPT),

    /** Reordered once for a processor that multiplies and sums 8-bit integers without loss. */
    INT8(1, 1, Layout.REORDERED),

    /**
     * The same for activations in one 8-bit half instead of two: half the multiplications, for rows
     * without values much louder than the others.
     */
    SINGLE_INT8(1, 1, Layout.REORDERED_SINGLE),

    /**
     * One byte a weight, packed for FBGEMM. Products of 8-bit integers are summed in pairs in 16
     * bits, which 255 x 127 x 2 does not fit; activations in two 7-bit halves do.
     */
    PACKED_INT8(1, 1, Layout.PACKED),

    /**
     * One byte a weight, widened to float32 tile by tile, where there is no FBGEMM. Products of
     * integers below 128 are exact in float32, and so are their sums up to 2^24.
     */
    WIDENED_INT8(1, 1, Layout.KEPT);

    /** Where weights are, in the order of the numbers that the kernel knows. */
    private enum Layout {
        KEPT,
        REORDERED,
        PACKED,
        REORDERED_SINGLE
    }

    private final int scalarType;
    private final int bytes;
    private final Layout layout;

    LinearForm(int scalarType, int bytes, Layout layout) {
        this.scalarType = scalarType;
        this.bytes = bytes;
        this.layout = layout;
    }

    /** The number TorchScript knows the type of the stored weights by. */
    int scalarType() {
        return scalarType;
    }

    /** Of a stored weight. */
    int bytes() {
        return bytes;
    }

    /** Whether the library keeps the weights in an order of its own. */
    boolean isReordered() {
        return layout == Layout.REORDERED || layout == Layout.REORDERED_SINGLE;
    }

    /** The same type of weights in a form that is multiplied by the library's plain product. */
    LinearForm kept() {
        return switch (scalarType) {
            case 1 -> WIDENED_INT8;
            case 15 -> WIDENED_BFLOAT16;
            default -> KEPT_FLOAT32;
        };
    }

    /** What {@code pack} in {@code linear.py} makes of the weights. */
    int layout() {
        return layout.ordinal();
    }
}
