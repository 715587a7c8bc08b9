package io.sightmill.local.bench;

/** Hears how far a measurement is. Called by the thread that measures. */
public interface BenchListener {

    /**
     * @param part what is being measured
     * @param share of the whole, 0 to 1
     */
    void reached(String part, double share);
}
