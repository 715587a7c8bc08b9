package io.sightmill.llava;

/** Something to learn from. */
public interface LearnedSample {

    /** Positions that go through the model. */
    int length();

    /** How many positions are learned from: what the loss is a mean over. */
    int learned();
}
