package io.sightmill.tuning.training;

import java.time.Duration;

/**
 * What a step was.
 *
 * @param step from 1
 * @param steps all of the run
 * @param epoch how often each sample has been seen, with fractions
 * @param loss mean cross-entropy over the learned positions, in nats
 * @param gradientNorm over all gradients, before it was bounded
 * @param learningRate the highest of all parts
 * @param samples how many were in the batch
 * @param positions without what fills batches up
 * @param learned positions that were learned from
 * @param time of the whole step
 * @param operations of matrix products and attention, forwards and backwards
 */
public record StepReport(
        long step,
        long steps,
        double epoch,
        float loss,
        float gradientNorm,
        double learningRate,
        int samples,
        long positions,
        long learned,
        Duration time,
        double operations) {

    public double seconds() {
        return time.toNanos() / 1e9;
    }

    public double positionsPerSecond() {
        return positions / seconds();
    }
}
