package io.sightmill.tuning.samples;

import io.sightmill.llava.LearnedSample;
import java.util.List;

/**
 * Several data as one, one behind the other. Thread-safe if they are.
 *
 * @param <S> the samples
 */
public record Mixture<S extends LearnedSample>(List<TrainingData<S>> parts)
        implements TrainingData<S> {

    public Mixture {
        parts = List.copyOf(parts);
    }

    /** A part, and an index in it. */
    private record Place<S extends LearnedSample>(TrainingData<S> part, int index) {}

    private Place<S> place(int index) {
        int rest = index;
        for (TrainingData<S> part : parts) {
            if (rest < part.size()) {
                return new Place<>(part, rest);
            }
            rest -= part.size();
        }
        throw new IndexOutOfBoundsException(index);
    }

    @Override
    public int size() {
        return parts.stream().mapToInt(TrainingData::size).sum();
    }

    @Override
    public int length(int index) {
        Place<S> place = place(index);
        return place.part().length(place.index());
    }

    @Override
    public long learned() {
        return parts.stream().mapToLong(TrainingData::learned).sum();
    }

    @Override
    public S sample(int index) throws BadSampleException {
        Place<S> place = place(index);
        return place.part().sample(place.index());
    }

    @Override
    public BadSample bad(int index, BadSampleException problem) {
        Place<S> place = place(index);
        return place.part().bad(place.index(), problem);
    }

    @Override
    public String fingerprint() {
        return String.join("; ", parts.stream().map(TrainingData::fingerprint).toList());
    }
}
