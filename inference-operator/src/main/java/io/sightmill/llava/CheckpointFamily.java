package io.sightmill.llava;

/** The generations of LLaVA: which projector stands between the encoder and the language model. */
public enum CheckpointFamily {
    /** arXiv 2304.08485: one linear layer. */
    V1("v1", 1),
    /** arXiv 2310.03744: linear, GELU, linear. */
    V1_5("v1.5", 2),
    /** LLaVA-1.6: the same, images cut into tiles, a learned newline after each row of patches. */
    NEXT("next", 2);

    private final String key;
    private final int projectorLayers;

    CheckpointFamily(String key, int projectorLayers) {
        this.key = key;
        this.projectorLayers = projectorLayers;
    }

    /** What a user calls it. */
    public String key() {
        return key;
    }

    int projectorLayers() {
        return projectorLayers;
    }
}
