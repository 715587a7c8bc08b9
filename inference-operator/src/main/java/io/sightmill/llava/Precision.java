package io.sightmill.llava;

/** The number format of weights, activations and the KV cache. */
public enum Precision {
    /** The reference: equal to Hugging Face's float32 run to the noise of rounding. */
    FLOAT32(6, 4),

    /**
     * Half the memory; rounds to 8 significant bits after each operation, as published models do.
     */
    BFLOAT16(15, 2),

    /**
     * A quarter of the memory: the weights of linear layers in 8-bit integers, a scale an output,
     * and the activations that meet them in one or two such halves, a scale a row. Everything
     * between the products, embeddings and KV cache included, is bfloat16. The layers that {@link
     * Int8Exceptions} names stay bfloat16.
     */
    INT8(15, 2);

    private final int scalarType;
    private final int bytes;

    Precision(int scalarType, int bytes) {
        this.scalarType = scalarType;
        this.bytes = bytes;
    }

    /** The number TorchScript knows the type of everything but linear weights by. */
    int scalarType() {
        return scalarType;
    }

    /** Of a value of that type, such as one of the KV cache. */
    int bytes() {
        return bytes;
    }
}
