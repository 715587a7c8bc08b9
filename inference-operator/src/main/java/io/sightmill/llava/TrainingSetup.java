package io.sightmill.llava;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * What of a model is trained, and in which numbers.
 *
 * @param trained the parts whose weights change; every other weight stays as the checkpoint has it
 * @param mixedPrecision whether products are in bfloat16; what is trained is kept in float32 all
 *     the same
 * @param adapters what is trained in place of the language model's weights, if anything
 * @param seed of what adapters begin with
 * @param lanes how many shares a step is divided into, side by side, each with gradients of its
 *     own; they add up in order, so that the bits depend on how many lanes there are and not on
 *     which is first
 */
public record TrainingSetup(
        Set<TrainablePart> trained,
        boolean mixedPrecision,
        Optional<AdapterOptions> adapters,
        long seed,
        int lanes) {

    private static final int MOST_LANES = 256;

    public TrainingSetup {
        Bound.require("lanes", lanes, 1, MOST_LANES);
        if (trained.isEmpty()) {
            throw new IllegalArgumentException("nothing is trained; name a part of the model");
        }
        // In the parts' own order, whatever the process: what is written down of a run names them.
        trained = Collections.unmodifiableSet(EnumSet.copyOf(trained));
        if (adapters.isPresent() && !trained.contains(TrainablePart.LANGUAGE)) {
            throw new IllegalArgumentException(
                    "adapters are the language model's, which this stage does not train");
        }
    }

    /** With one lane. */
    public TrainingSetup(
            Set<TrainablePart> trained,
            boolean mixedPrecision,
            Optional<AdapterOptions> adapters,
            long seed) {
        this(trained, mixedPrecision, adapters, seed, 1);
    }

    /** What is left to chance has one source, so that lanes must take turns. */
    boolean leavesToChance() {
        return adapters.filter(each -> each.dropout() > 0).isPresent();
    }

    /** A part's own weights change, and not adapters in their place. */
    boolean learns(TrainablePart part) {
        return trained.contains(part) && !(part == TrainablePart.LANGUAGE && adapters.isPresent());
    }
}
