package io.sightmill.llava;

/**
 * Operations and bytes that a model cannot do without: what a roofline turns into least times. A
 * multiplication with its addition counts as two operations; norms and activations as none.
 *
 * @param textForm of the decoder's linear layers
 * @param headForm of the output layer
 */
record ModelWork(
        LlavaConfig config, Precision precision, LinearForm textForm, LinearForm headForm) {

    /** Of one tile through the vision tower. */
    double encodeOperations() {
        VisionConfig vision = config.vision();
        double width = vision.hiddenSize();
        double rows = vision.patches() + 1.0;
        double patch = 3.0 * vision.patchSize() * vision.patchSize();
        double products = 4 * width * width + 2 * width * vision.intermediateSize();
        double layer = 2 * rows * products + 4 * rows * rows * width;
        return 2 * vision.patches() * patch * width + config.visionLayersRun() * layer;
    }

    /** Of a prompt, up to the logits of its last position. */
    double prefillOperations(int tokens) {
        TextConfig text = config.text();
        double pairs = tokens * (tokens + 1.0) / 2;
        double attention = 4 * pairs * text.heads() * text.headWidth();
        return text.layers() * (2.0 * tokens * layerWeights() + attention) + 2 * headWeights();
    }

    /** Read by a decode step: all weights once, and each sequence's keys and values. */
    double decodeBytes(int sequences, int positions) {
        double weights =
                config.text().layers() * layerWeights() * textForm.bytes()
                        + headWeights() * headForm.bytes();
        double kv = (double) config.text().kvElementsPerToken() * precision.bytes();
        return weights + sequences * positions * kv;
    }

    private double layerWeights() {
        TextConfig text = config.text();
        double width = text.hiddenSize();
        return width * text.queryKeyValueWidth()
                + (double) text.heads() * text.headWidth() * width
                + 3 * width * text.intermediateSize();
    }

    private double headWeights() {
        return (double) config.text().vocabularySize() * config.text().hiddenSize();
    }
}
