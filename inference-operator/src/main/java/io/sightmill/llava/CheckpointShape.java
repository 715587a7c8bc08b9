package io.sightmill.llava;

/**
 * The sizes of a checkpoint to generate.
 *
 * @param imageSize side of the encoder's input in pixels, a multiple of patchSize
 * @param patchSize side of a patch in pixels
 * @param vision the CLIP vision encoder
 * @param text the LLaMA language model
 * @param mostVocabulary largest vocabulary; the tokenizer may learn fewer tokens
 * @param contextTokens most positions (max_position_embeddings)
 */
public record CheckpointShape(
        int imageSize,
        int patchSize,
        Transformer vision,
        Transformer text,
        int mostVocabulary,
        int contextTokens) {

    /**
     * The sizes of a stack of layers.
     *
     * @param hidden width of a layer, a multiple of heads
     * @param heads attention heads, each with keys and values of its own
     * @param layers how many
     * @param intermediate width inside the feed-forward part
     */
    public record Transformer(int hidden, int heads, int layers, int intermediate) {

        public Transformer {
            requirePositive("heads", heads);
            requirePositive("layers", layers);
            requirePositive("intermediate", intermediate);
            if (hidden < 1 || hidden % heads != 0 || hidden / heads % 2 != 0) {
                throw new IllegalArgumentException(
                        "hidden is %d and must be an even multiple of heads, %d"
                                .formatted(hidden, heads));
            }
        }
    }

    public CheckpointShape {
        requirePositive("patchSize", patchSize);
        requirePositive("contextTokens", contextTokens);
        if (imageSize < 1 || imageSize % patchSize != 0) {
            throw new IllegalArgumentException(
                    "imageSize is %d and must be a multiple of patchSize, %d"
                            .formatted(imageSize, patchSize));
        }
        if (mostVocabulary < TokenizerFile.FEWEST_TOKENS) {
            throw new IllegalArgumentException(
                    "mostVocabulary is %d and must be at least %d"
                            .formatted(mostVocabulary, TokenizerFile.FEWEST_TOKENS));
        }
        if (vision.layers() < 2) {
            throw new IllegalArgumentException(
                    "vision.layers is 1 and must be at least 2: features are taken before the last");
        }
    }

    /** The model that comes with the project: under 4 MB in float16. */
    public static CheckpointShape sightmillTiny() {
        return new CheckpointShape(
                112,
                14,
                new Transformer(96, 3, 4, 256),
                new Transformer(160, 5, 4, 352),
                1_024,
                2_048);
    }

    /** Patches of an image: the tokens it takes in a prompt. */
    int imageTokens() {
        int side = imageSize / patchSize;
        return side * side;
    }

    private static void requirePositive(String key, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(key + " is " + value + " and must be at least 1");
        }
    }
}
