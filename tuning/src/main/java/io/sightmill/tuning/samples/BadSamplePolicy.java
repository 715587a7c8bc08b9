package io.sightmill.tuning.samples;

/** What becomes of a run whose data has bad samples. Either way each of them is reported. */
public enum BadSamplePolicy {
    /** Nothing is trained. */
    REFUSE,
    /** The others are trained on. */
    SKIP
}
