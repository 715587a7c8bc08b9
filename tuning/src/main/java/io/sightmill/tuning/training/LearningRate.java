package io.sightmill.tuning.training;

/**
 * Linear warm-up, then half a cosine down to zero.
 *
 * @param peak the highest rate
 * @param warmUpShare share of all steps until it is reached
 * @param steps all of them
 */
public record LearningRate(double peak, double warmUpShare, long steps) {

    public LearningRate {
        if (!(peak >= 0 && peak < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "learning rate is " + peak + " and must be positive");
        }
        if (!(warmUpShare >= 0 && warmUpShare < 1)) {
            throw new IllegalArgumentException(
                    "warm-up is " + warmUpShare + " and must be from 0 to below 1");
        }
        if (steps < 1) {
            throw new IllegalArgumentException("steps is " + steps + " and must be at least 1");
        }
    }

    /**
     * @param step from 1
     */
    public double at(long step) {
        long warmUp = (long) Math.ceil(steps * warmUpShare);
        if (step <= warmUp) {
            return peak * step / warmUp;
        }
        double progress = (double) (step - warmUp) / Math.max(1, steps - warmUp + 1);
        return peak * 0.5 * (1 + Math.cos(Math.PI * progress));
    }
}
