package io.sightmill.llava;

/** IEEE 754 half precision; Java 17 has no conversion of its own. */
final class HalfFloat {

    private static final int INFINITY = 0x7C00;

    private HalfFloat() {}

    /** The nearest half's 16 bits, ties to even; too large becomes infinite. */
    static int of(float value) {
        int bits = Float.floatToRawIntBits(value);
        int sign = bits >>> 16 & 0x8000;
        int magnitude = bits & 0x7FFFFFFF;
        if (Float.isNaN(value)) {
            return sign | INFINITY | 0x200;
        }
        int exponent = (magnitude >>> 23) - 127 + 15;
        if (exponent >= 31) {
            return sign | INFINITY;
        }
        if (exponent < -10) {
            return sign;
        }
        if (exponent > 0) {
            // Half of the last place kept, less one where that is even; a carry out of the mantissa
            // raises the exponent, as it should. No branch: this is where generated weights go.
            int rebased = magnitude - (127 - 15 << 23);
            return sign | rebased + 0xFFF + (rebased >>> 13 & 1) >>> 13;
        }
        return sign | roundedShift(magnitude & 0x7FFFFF | 0x800000, 14 - exponent);
    }

    private static int roundedShift(int value, int bits) {
        int kept = value >>> bits;
        int lost = value & (1 << bits) - 1;
        int half = 1 << bits - 1;
        boolean up = lost > half || lost == half && (kept & 1) == 1;
        return up ? kept + 1 : kept;
    }
}
