package io.sightmill.llava;

import java.nio.ByteBuffer;
import java.util.Locale;

/** The number formats in which weights are stored. */
public enum WeightType {
    FLOAT32(ElementType.F32),
    FLOAT16(ElementType.F16),
    BFLOAT16(ElementType.BF16);

    private final ElementType element;

    WeightType(ElementType element) {
        this.element = element;
    }

    /** What a user and config.json call it. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    ElementType element() {
        return element;
    }

    /** Appends the nearest numbers of this format, ties to even. */
    void put(ByteBuffer buffer, float... values) {
        switch (this) {
            case FLOAT32 -> {
                for (float value : values) {
                    buffer.putFloat(value);
                }
            }
            case FLOAT16 -> {
                for (float value : values) {
                    buffer.putShort((short) HalfFloat.of(value));
                }
            }
            case BFLOAT16 -> {
                for (float value : values) {
                    buffer.putShort(upperHalf(value));
                }
            }
        }
    }

    private static short upperHalf(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            return (short) (bits >>> 16 | 0x40);
        }
        return (short) (bits + 0x7FFF + (bits >>> 16 & 1) >>> 16);
    }
}
