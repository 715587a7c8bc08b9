package io.sightmill.local.chaos;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/**
 * What a run of the suite does; the same plan sends the same requests and disturbs in the same
 * order.
 *
 * @param requests how many are sent, undisturbed first and then again while processes die
 * @param disturbances how many times each happens
 * @param suspension how long a suspended TaskManager stands still
 * @param seed of requests and order
 * @param model the LLaVA checkpoint
 * @param checkpointInterval how often the job commits
 * @param sequences how many sequences an engine decodes at once
 * @param taskManagers how many
 * @param slots of each; with a slot more than parallelism the job can go on while one TaskManager
 *     stands still
 * @param parallelism of the job, and partitions of a topic; every other rescaling leaves one
 */
public record ChaosPlan(
        int requests,
        Map<Disturbance, Integer> disturbances,
        Duration suspension,
        long seed,
        Path model,
        Duration checkpointInterval,
        int sequences,
        int taskManagers,
        int slots,
        int parallelism) {

    public ChaosPlan {
        requireAtLeast(1, "requests", requests);
        Objects.requireNonNull(suspension, "suspension");
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(checkpointInterval, "checkpointInterval");
        requireAtLeast(1, "sequences", sequences);
        requireAtLeast(1, "parallelism", parallelism);
        requireAtLeast(1, "slots", slots);
        requireAtLeast(parallelism, "taskManagers times slots", taskManagers * slots);
        disturbances = Collections.unmodifiableMap(new EnumMap<>(disturbances));
        disturbances.forEach((kind, times) -> requireAtLeast(0, kind.words(), times));
    }

    /** All disturbances in the order in which they happen. */
    public List<Disturbance> schedule() {
        List<Disturbance> schedule = new ArrayList<>();
        disturbances.forEach((kind, times) -> schedule.addAll(Collections.nCopies(times, kind)));
        Collections.shuffle(schedule, new Random(seed));
        return schedule;
    }

    /**
     * How many requests are under way at most: so few that each disturbance finds some in flight
     * and others still to come, through ingest too.
     */
    int underWay() {
        return Math.max(1, 2 * requests / gaps());
    }

    /**
     * The disturbance of this number, from 0, comes when so many of all outcomes are there. Behind
     * the last one there is room for what is under way and for some that come after it.
     */
    int outcomesBefore(int disturbance, int outcomes) {
        return (int) ((long) outcomes * (disturbance + 1) / gaps());
    }

    private int gaps() {
        return disturbances.values().stream().mapToInt(Integer::intValue).sum() + 3;
    }

    private static void requireAtLeast(int least, String key, int value) {
        if (value < least) {
            throw new IllegalArgumentException(
                    "%s is %d and must be at least %d".formatted(key, value, least));
        }
    }
}
