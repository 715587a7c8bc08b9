package io.sightmill.llava;

import java.util.List;

/**
 * How many multiplications and additions a step takes, in matrix products and attention; what fills
 * batches up does not count.
 */
record TrainingWork(LlavaConfig config, TrainingSetup setup) {

    /** Forwards and backwards. */
    double operations(List<TrainingSample> samples) {
        double operations = 0;
        for (TrainingSample sample : samples) {
            int tiles =
                    sample.sequence().images().stream()
                            .mapToInt(span -> ((PixelImage) span.image()).grid().tiles())
                            .sum();
            operations += tiles * vision() * passes(TrainablePart.VISION);
            operations += tiles * projector() * passes(TrainablePart.PROJECTOR);
            operations += language(sample) * passes(TrainablePart.LANGUAGE);
        }
        return operations;
    }

    /** Forwards and backwards through the vision tower alone. */
    double tower(int images) {
        return images * vision() * 3;
    }

    /** One forwards, one backwards to the inputs where anything before learns, one to weights. */
    private int passes(TrainablePart part) {
        boolean isLearned = setup.learns(part);
        boolean isPassed =
                part.compareTo(TrainablePart.VISION) > 0
                        && (setup.trained().contains(TrainablePart.VISION)
                                || part == TrainablePart.LANGUAGE);
        return 1 + (isLearned ? 1 : 0) + (isPassed || isLearned ? 1 : 0);
    }

    private double vision() {
        VisionConfig vision = config.vision();
        double width = vision.hiddenSize();
        double positions = vision.patches() + 1.0;
        double products = 4 * width * width + 2 * width * vision.intermediateSize();
        double layers = config.visionLayersRun();
        double patches = 3.0 * vision.patchSize() * vision.patchSize() * width * vision.patches();
        return 2 * patches + layers * positions * (2 * products + 4 * positions * width);
    }

    private double projector() {
        double input = config.visionFeatureWidth();
        double output = config.text().hiddenSize();
        double products = input * output + (config.projector().layers() - 1) * output * output;
        return 2 * products * config.imageLayout().tokensPerTile();
    }

    private double language(TrainingSample sample) {
        TextConfig text = config.text();
        double hidden = text.hiddenSize();
        double attended = (double) text.heads() * text.headWidth();
        double products =
                hidden * text.queryKeyValueWidth()
                        + attended * hidden
                        + 3 * hidden * text.intermediateSize();
        double positions = sample.length();
        // Every position sees half of the others on average.
        double attention = 2 * positions * Math.min(positions, text.attentionWindow()) * attended;
        return text.layers() * (2 * products * positions + attention)
                + 2.0 * sample.learned() * hidden * text.vocabularySize();
    }
}
