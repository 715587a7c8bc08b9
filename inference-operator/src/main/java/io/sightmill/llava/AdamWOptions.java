package io.sightmill.llava;

/**
 * AdamW (arXiv 1711.05101) with a bound on the norm over all gradients.
 *
 * @param beta1 decay of the gradients' mean
 * @param beta2 decay of their squares' mean
 * @param epsilon added to the root of the latter
 * @param weightDecay share of a weight that a step at rate 1 takes away
 * @param mostGradientNorm gradients of a larger norm are scaled down to it; 0 for no bound
 */
public record AdamWOptions(
        double beta1, double beta2, double epsilon, double weightDecay, double mostGradientNorm) {

    public AdamWOptions {
        requireShare("beta1", beta1);
        requireShare("beta2", beta2);
        Bound.requirePositive("epsilon", epsilon);
        requireNotNegative("weight decay", weightDecay);
        requireNotNegative("gradient norm bound", mostGradientNorm);
    }

    /** What LLaVA was tuned with. */
    public static AdamWOptions defaults() {
        return new AdamWOptions(0.9, 0.999, 1e-8, 0, 1);
    }

    private static void requireShare(String name, double value) {
        if (!(value >= 0 && value < 1)) {
            throw new IllegalArgumentException(
                    name + " is " + value + " and must be from 0 to below 1");
        }
    }

    private static void requireNotNegative(String name, double value) {
        if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(name + " is " + value + " and must be 0 or more");
        }
    }
}
