package io.sightmill.tuning.training;

import io.sightmill.tuning.samples.BadSample;

/** Hears of a run as it goes. Called on the run's thread. */
public interface TrainingListener {

    /** A run that was stopped goes on behind this step. */
    void resumed(long step);

    void stepped(StepReport report);

    /** A sample that turned out to be bad and is left out. */
    void skipped(BadSample sample);
}
