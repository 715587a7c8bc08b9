package io.sightmill.llava;

import java.util.Arrays;
import java.util.List;

/** How much memory a model takes, reckoned from its configuration. */
final class ModelMemory {

    /** Prompt and answer about an image, as a rule of thumb. */
    private static final int TEXT_TOKENS = 256;

    private ModelMemory() {}

    /** Memory of the weights once they are loaded. */
    static long weightBytes(List<TensorDeclaration> declared, Precision precision) {
        long bytes = 0;
        for (TensorDeclaration tensor : declared) {
            bytes = Math.addExact(bytes, weightBytes(tensor, precision));
        }
        return bytes;
    }

    private static long weightBytes(TensorDeclaration tensor, Precision precision) {
        if (precision != Precision.INT8 || tensor.layer().isEmpty()) {
            return Math.multiplyExact(tensor.elements(), (long) precision.bytes());
        }
        if (Int8Exceptions.keep(tensor.layer().get())) {
            return Math.multiplyExact(tensor.elements(), (long) Precision.BFLOAT16.bytes());
        }
        long scales = tensor.shape().get(0) * Float.BYTES;
        return Math.addExact(tensor.elements(), scales);
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
