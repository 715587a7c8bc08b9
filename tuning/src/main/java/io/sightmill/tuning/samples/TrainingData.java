package io.sightmill.tuning.samples;

import io.sightmill.llava.LearnedSample;

/**
 * Samples by index. The same index gives the same sample always, in whatever order they are asked
 * for: a run that is resumed needs no more than the next index. Thread-safe.
 *
 * @param <S> the samples
 */
public interface TrainingData<S extends LearnedSample> {

    int size();

    /** Positions of a sample, known without making it: samples of like length share a batch. */
    int length(int index);

    /** How many positions all samples are learned from. */
    long learned();

    /**
     * Makes a sample.
     *
     * @throws BadSampleException if it turns out to be bad after all, such as a broken image
     */
    S sample(int index) throws BadSampleException;

    /** Where a sample comes from, for messages. */
    BadSample bad(int index, BadSampleException problem);

    /** Tells data that changed since a run began from the data it began with. */
    String fingerprint();
}
