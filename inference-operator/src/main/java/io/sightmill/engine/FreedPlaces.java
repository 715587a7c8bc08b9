package io.sightmill.engine;

/**
 * How often bulk sequences end by themselves, so that a live one need not drive out another: what
 * is driven out has to be prefilled again, and to wait for the next step costs live less than that
 * costs bulk.
 */
final class FreedPlaces {

    /** Share of the newest step in the mean. */
    private static final double NEWEST = 0.1;

    private double endsPerStep;
    private int ranBefore;

    /** Notes how many bulk sequences are left of those that the last step ran. */
    void found(int running) {
        int ended = Math.max(0, ranBefore - running);
        endsPerStep += NEWEST * (ended - endsPerStep);
    }

    /** Notes how many bulk sequences the step to come runs. */
    void begins(int running) {
        ranBefore = running;
    }

    /** Whether the step to come frees a place, as the last ones did. */
    boolean oneIsLikely() {
        return endsPerStep >= 0.5;
    }
}
