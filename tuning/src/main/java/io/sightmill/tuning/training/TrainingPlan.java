package io.sightmill.tuning.training;

import io.sightmill.llava.AdamWOptions;
import io.sightmill.llava.TrainablePart;
import io.sightmill.llava.TrainingSetup;
import io.sightmill.tuning.samples.BadSamplePolicy;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * How a run trains.
 *
 * @param peakRates the highest learning rate of each part that is trained
 * @param warmUpShare share of all steps until it is reached
 * @param batchSize samples a step
 * @param mostPositions positions that go through the model at once, filling included; a batch of
 *     more is run in parts, whose gradients add up to the same
 * @param steps all of the run
 * @param seed of the samples' order and of adapters
 * @param stepsPerCheckpoint how often the run can be resumed
 * @param badSamples what becomes of a sample that cannot be made after all
 */
public record TrainingPlan(
        TrainingSetup setup,
        Map<TrainablePart, Double> peakRates,
        double warmUpShare,
        AdamWOptions optimizer,
        int batchSize,
        int mostPositions,
        long steps,
        long seed,
        long stepsPerCheckpoint,
        BadSamplePolicy badSamples) {

    public TrainingPlan {
        Objects.requireNonNull(setup, "setup");
        Objects.requireNonNull(optimizer, "optimizer");
        Objects.requireNonNull(badSamples, "badSamples");
        peakRates = Map.copyOf(peakRates);
        if (!peakRates.keySet().containsAll(setup.trained())) {
            throw new IllegalArgumentException(
                    "learning rates are for %s and must be for %s"
                            .formatted(peakRates.keySet(), setup.trained()));
        }
        peakRates.values().forEach(rate -> new LearningRate(rate, warmUpShare, steps));
        requirePositive("batch size", batchSize);
        requirePositive("positions at once", mostPositions);
        requirePositive("steps per checkpoint", stepsPerCheckpoint);
    }

    private static void requirePositive(String name, long value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " is " + value + " and must be at least 1");
        }
    }

    /** The learning rates of a step, counted from 1. */
    Map<TrainablePart, Double> rates(long step) {
        Map<TrainablePart, Double> rates = new EnumMap<>(TrainablePart.class);
        peakRates.forEach(
                (part, peak) ->
                        rates.put(part, new LearningRate(peak, warmUpShare, steps).at(step)));
        return rates;
    }

    /** All that decides on the bits of a run, beside model and data. */
    String fingerprint() {
        return "%s, rates %s, warm-up %s, %s, batch %d, positions %d, steps %d, seed %d"
                .formatted(
                        setup,
                        new TreeMap<>(peakRates),
                        warmUpShare,
                        optimizer,
                        batchSize,
                        mostPositions,
                        steps,
                        seed);
    }
}
