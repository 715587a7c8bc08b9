package io.sightmill.local.chaos;

/** Hears how far a run of the suite is, on the thread that runs it. */
public interface ChaosListener {

    /** Something happened; one sentence. */
    void on(String event);

    /**
     * Outcomes were committed.
     *
     * @param run which pass over the requests
     * @param committed how many there are now
     * @param all how many there have to be
     */
    void onOutcomes(String run, int committed, int all);
}
