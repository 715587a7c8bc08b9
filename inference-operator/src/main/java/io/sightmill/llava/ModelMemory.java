package io.sightmill.llava;

import java.util.Arrays;
import java.util.List;

/** How much memory a model takes, reckoned from its configuration. */
final class ModelMemory {

    /** Prompt and answer about an image, as a rule of thumb. */
    private static final int TEXT_TOKENS = 256;

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

    /**
     * The memory of a model in every precision.
     *
     * @param imageTokens positions of the image that the KV of one image is reckoned for
     */
    static List<ModelReport.Memory> of(
            List<TensorDeclaration> declared, TextConfig text, int imageTokens) {
        return Arrays.stream(Precision.values())
                .map(
                        precision -> {
                            long token = kvBytesPerToken(text, precision);
                            return new ModelReport.Memory(
                                    precision,
                                    weightBytes(declared, precision),
                                    token,
                                    token * text.contextTokens(),
                                    token * ((long) imageTokens + TEXT_TOKENS));
                        })
                .toList();
    }

    /** Memory of the keys and values of one position. */
    static long kvBytesPerToken(TextConfig text, Precision precision) {
        return text.kvElementsPerToken() * precision.bytes();
    }
}
