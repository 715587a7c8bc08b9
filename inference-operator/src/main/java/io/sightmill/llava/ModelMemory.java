package io.sightmill.llava;

import java.util.List;

/** How much memory a model takes, reckoned from its configuration. */
final class ModelMemory {

    private ModelMemory() {}

    /**
     * Memory of the weights once they are loaded. Where the processor has no products in the
     * precision, its weights take as much as in float32.
     */
    static long weightBytes(List<TensorDeclaration> declared, Precision precision) {
        long bytes = 0;
        for (TensorDeclaration tensor : declared) {
            bytes =
                    Math.addExact(
                            bytes, Math.multiplyExact(tensor.elements(), (long) precision.bytes()));
        }
        return bytes;
    }

    /** Memory of the keys and values of one position. */
    static long kvBytesPerToken(TextConfig text, Precision precision) {
        return text.kvElementsPerToken() * precision.bytes();
    }
}
