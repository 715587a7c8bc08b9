package io.sightmill.llava;

/** The number format of weights, activations and the KV cache. */
public enum Precision {
    /** The reference: equal to Hugging Face's float32 run to the noise of rounding. */
    FLOAT32(6, 4),

    /**
     * Half the memory; rounds to 8 significant bits after each operation, as published models do.
     */
    BFLOAT16(15, 2);

    private final int scalarType;
    private final int bytes;

    Precision(int scalarType, int bytes) {
        this.scalarType = scalarType;
        this.bytes = bytes;
    }

    /** The number TorchScript knows the type by. */
    int scalarType() {
        return scalarType;
    }

    int bytes() {
        return bytes;
    }
}
