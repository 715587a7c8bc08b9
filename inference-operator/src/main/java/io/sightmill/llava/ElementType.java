package io.sightmill.llava;

import java.util.Optional;

/** Element types of safetensors files. */
enum ElementType {
    BOOL(1, 11),
    U8(1, 0),
    I8(1, 1),
    F8_E4M3(1, -1),
    F8_E5M2(1, -1),
    I16(2, -1),
    U16(2, -1),
    F16(2, 5),
    BF16(2, 15),
    I32(4, 3),
    U32(4, -1),
    F32(4, 6),
    I64(8, 4),
    U64(8, -1),
    F64(8, 7);

    private final int bytes;
    private final int scalarType;

    ElementType(int bytes, int scalarType) {
        this.bytes = bytes;
        this.scalarType = scalarType;
    }

    int bytes() {
        return bytes;
    }

    /** The number TorchScript knows the type by; negative where the model never needs it. */
    int scalarType() {
        return scalarType;
    }

    /** Whether weights may have this type. */
    boolean isWeight() {
        return this == F32 || this == F16 || this == BF16;
    }

    static Optional<ElementType> named(String name) {
        for (ElementType type : values()) {
            if (type.name().equals(name)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }
}
