package io.sightmill.llava;

import io.sightmill.engine.Prompt;
import java.util.Arrays;

/**
 * A sequence to learn from.
 *
 * @param sequence question, image and answer
 * @param targets for each position the id that should follow it, or {@link #IGNORED}. Not copied,
 *     never changed.
 */
public record TrainingSample(Prompt sequence, int[] targets) implements LearnedSample {

    /** Of a position whose successor is not learned; the authors' own number for it. */
    public static final int IGNORED = -100;

    public TrainingSample {
        if (targets.length != sequence.length()) {
            throw new IllegalArgumentException(
                    "%d targets for %d positions".formatted(targets.length, sequence.length()));
        }
    }

    @Override
    public int length() {
        return targets.length;
    }

    @Override
    public int learned() {
        return (int) Arrays.stream(targets).filter(target -> target != IGNORED).count();
    }
}
