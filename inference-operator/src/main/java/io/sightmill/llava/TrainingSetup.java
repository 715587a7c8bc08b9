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
 */
public record TrainingSetup(
        Set<TrainablePart> trained,
        boolean mixedPrecision,
        Optional<AdapterOptions> adapters,
        long seed) {

    public TrainingSetup {
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

    /** A part's own weights change, and not adapters in their place. */
    boolean learns(TrainablePart part) {
        return trained.contains(part) && !(part == TrainablePart.LANGUAGE && adapters.isPresent());
    }
}
