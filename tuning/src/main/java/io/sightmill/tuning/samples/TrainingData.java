package io.sightmill.tuning.samples;

import io.sightmill.llava.TrainingSample;

/**
 * Samples by index. The same index gives the same sample always, in whatever order they are asked
 * for: a run that is resumed needs no more than the next index. Thread-safe.
 */
public interface TrainingData {

    int size();

    /** Positions of a sample, known without making it: samples of like length share a batch. */
    int length(int index);

    /**
     * Makes a sample.
     *
     * @throws BadSampleException if it turns out to be bad after all, such as a broken image
     */
    TrainingSample sample(int index) throws BadSampleException;

    /** Where a sample comes from, for messages. */
    BadSample bad(int index, BadSampleException problem);

    /** Tells data that changed since a run began from the data it began with. */
    String fingerprint();
}
