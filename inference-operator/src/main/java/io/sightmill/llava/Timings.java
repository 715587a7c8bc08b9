package io.sightmill.llava;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** How long the repetitions of something took, the shortest first, in seconds. */
record Timings(List<Double> seconds) {

    Timings {
        if (seconds.isEmpty()) {
            throw new IllegalArgumentException("nothing was measured");
        }
        seconds = seconds.stream().sorted().toList();
    }

    static Timings ofNanos(Collection<Long> nanos) {
        return new Timings(nanos.stream().map(each -> each / 1e9).toList());
    }

    /**
     * Repeats an action for some time, after a first run that is not counted: it touches memory and
     * compiles. Where that run alone takes more than half of the time, one more is made all the
     * same.
     *
     * @param most repetitions, enough for a stable median
     */
    static Timings repeat(Duration time, int most, Runnable action) {
        return repeat(time, most, () -> {}, action);
    }

    private static Timings repeat(Duration time, int most, Runnable before, Runnable action) {
        before.run();
        action.run();
        List<Long> nanos = new ArrayList<>();
        long begin = System.nanoTime();
        do {
            before.run();
            long started = System.nanoTime();
            action.run();
            nanos.add(System.nanoTime() - started);
        } while (nanos.size() < most && System.nanoTime() - begin < time.toNanos());
        return ofNanos(nanos);
    }

    /**
     * Repeats two actions in turns, so that what else the machine does falls on both alike.
     *
     * @param time for both together
     * @param most repetitions of each
     */
    static Pair alternate(Duration time, int most, Runnable first, Runnable second) {
        List<Long> seconds = new ArrayList<>();
        Timings firsts =
                repeat(
                        time,
                        most,
                        () -> {
                            long started = System.nanoTime();
                            second.run();
                            seconds.add(System.nanoTime() - started);
                        },
                        first);
        return new Pair(firsts, ofNanos(seconds.subList(1, seconds.size())));
    }

    /** Of two actions that took turns. */
    record Pair(Timings first, Timings second) {}

    double best() {
        return seconds.get(0);
    }

    double median() {
        return quantile(0.5);
    }

    /** By nearest rank: one of the measured values. */
    double quantile(double share) {
        int rank = (int) Math.ceil(share * seconds.size());
        return seconds.get(Math.max(1, rank) - 1);
    }
}
