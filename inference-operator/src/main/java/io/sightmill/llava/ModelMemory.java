package io.sightmill.llava;

import java.util.Arrays;
import java.util.List;

/** How much memory a model takes, reckoned from its configuration. */
final class ModelMemory {

    /** Prompt and answer about an image, as a rule of thumb. */
    private static final int TEXT_TOKENS = 256;

    private ModelMemory() {}

    /**
     * Memory of the weights once they are loaded.
     *
     * @param products the format that the weights of products are kept in; where the processor has
     *     no products in the precision, a wider one
     */
    static long weightBytes(
            List<TensorDeclaration> declared, Precision precision, Precision products) {
        long bytes = 0;
        for (TensorDeclaration tensor : declared) {
            boolean isProduct = tensor.use() == TensorDeclaration.Use.PRODUCT;
            int width = (isProduct ? products : precision).bytes();
            bytes = Math.addExact(bytes, Math.multiplyExact(tensor.elements(), (long) width));
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
                                    weightBytes(declared, precision, precision),
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
