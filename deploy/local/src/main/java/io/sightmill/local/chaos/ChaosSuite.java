package io.sightmill.local.chaos;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Runs a {@link ChaosPlan}: all requests undisturbed, then the same under other names while
 * processes are killed, then counts what readers of committed records find.
 *
 * <p>Disturbances are spread over the run by outcomes, not by time, so each finds requests in
 * flight on a machine of any speed; the next comes when the job has recovered from the one before.
 */
public final class ChaosSuite {

    private static final String CALM = "calm-";
    private static final String STORM = "storm-";

    /** With no new outcome for so long, something is stuck. */
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    /** Requests kept back for each disturbance that is still to show a recovery. */
    private static final int KEPT_FOR_EACH = 5;

    private static final Duration LOOK = Duration.ofMillis(500);

    private final ChaosPlan plan;
    private final Path directory;
    private final ChaosListener listener;
    private final List<ChaosRequest> requests;
    private final int outcomes;

    /**
     * @param directory for everything the processes keep, logs included; should be empty
     */
    public ChaosSuite(ChaosPlan plan, Path directory, ChaosListener listener) {
        this.plan = plan;
        this.directory = directory;
        this.listener = listener;
        this.requests = ChaosRequests.of(plan.requests(), plan.seed());
        this.outcomes = requests.stream().mapToInt(request -> request.outcomes().size()).sum();
    }

    /**
     * Runs all of it; takes minutes.
     *
     * <p>What has not come when nothing came for minutes is lost.
     *
     * @throws IllegalStateException if the requests were answered before the last disturbance
     */
    public ChaosReport run() {
        listener.on("starting broker, JobManager, TaskManagers, ingest");
        try (ChaosCluster cluster = ChaosCluster.start(directory, plan)) {
            JobWatch watch = new JobWatch(cluster.rest());
            ChaosRun calm = new ChaosRun(cluster, watch, CALM, List.of());
            Duration undisturbed = calm.toEnd();
            ChaosRun storm = new ChaosRun(cluster, watch, STORM, plan.schedule());
            Duration disturbed = storm.toEnd();
            // Once more from the beginning, with another reader: what is there now counts.
            OutcomeLedger expected = committed(cluster, CALM);
            OutcomeLedger found = committed(cluster, STORM);
            return report(expected, found, watch, storm, undisturbed, disturbed);
        }
    }

    private static OutcomeLedger committed(ChaosCluster cluster, String run) {
        OutcomeLedger ledger = new OutcomeLedger(run);
        try (CommittedOutcomes reader = new CommittedOutcomes(cluster.bootstrapServers(), ledger)) {
            reader.catchUp(PATIENCE);
        }
        return ledger;
    }

    private ChaosReport report(
            OutcomeLedger expected,
            OutcomeLedger found,
            JobWatch watch,
            ChaosRun storm,
            Duration undisturbed,
            Duration disturbed) {
        int lost = 0;
        int duplicated = 0;
        int different = 0;
        for (ChaosRequest request : requests) {
            for (String outcome : request.outcomes()) {
                List<String> should = expected.of(request.name(), outcome);
                List<String> is = found.of(request.name(), outcome);
                lost += is.isEmpty() ? 1 : 0;
                duplicated += is.size() > 1 ? 1 : 0;
                different += is.isEmpty() || should.containsAll(is) ? 0 : 1;
            }
        }
        return new ChaosReport(
                requests.size(),
                outcomes,
                lost,
                duplicated,
                different,
                found.unexpected(requests),
                watch.resumedTokens(),
                plan.disturbances(),
                storm.recoveries,
                storm.longestAnswer,
                watch.checkpointMillis(),
                watch.largestCheckpointBytes(),
                undisturbed,
                disturbed);
    }

    /** One pass over all requests. */
    private final class ChaosRun {

        private final ChaosCluster cluster;
        private final JobWatch watch;
        private final String name;
        private final List<Disturbance> schedule;
        private final OutcomeLedger ledger;
        private final List<Duration> recoveries = new ArrayList<>();
        private Duration longestAnswer = Duration.ZERO;
        private int struck;
        private Optional<Recovery> recovery = Optional.empty();
        private boolean stuck;
        private long resumeAt;
        private long lastOutcome = System.nanoTime();
        private long lastLook;

        private ChaosRun(
                ChaosCluster cluster, JobWatch watch, String name, List<Disturbance> schedule) {
            this.cluster = cluster;
            this.watch = watch;
            this.name = name;
            this.schedule = schedule;
            this.ledger = new OutcomeLedger(name);
        }

        private Duration toEnd() {
            long begin = System.nanoTime();
            try (RequestSender sender =
                            new RequestSender(cluster.bootstrapServers(), name, requests);
                    CommittedOutcomes reader =
                            new CommittedOutcomes(cluster.bootstrapServers(), ledger)) {
                while (!stuck && (!sender.isDone() || recovery.isPresent() || resumeAt != 0)) {
                    sender.sendUpTo(plan.underWay(), kept(), ledger);
                    read(reader, sender);
                    lookAfterJob();
                    disturb(reader, sender);
                }
                longestAnswer = sender.longestAnswer();
            }
            if (!stuck && struck < schedule.size()) {
                throw new IllegalStateException(
                        "all requests were answered after %d of %d disturbances: send more"
                                .formatted(struck, schedule.size()));
            }
            return Duration.ofNanos(System.nanoTime() - begin);
        }

        /**
         * A recovery shows by a request that is sent after what struck, however fast others end.
         */
        private int kept() {
            int toCome = schedule.size() - struck + (recovery.isPresent() ? 1 : 0);
            return KEPT_FOR_EACH * toCome;
        }

        private void read(CommittedOutcomes reader, RequestSender sender) {
            int before = ledger.size();
            reader.poll();
            if (ledger.size() > before) {
                lastOutcome = System.nanoTime();
                recovery.ifPresent(each -> each.onOutcomes(System.currentTimeMillis()));
                listener.onOutcomes(name, ledger.size(), outcomes);
            } else if (System.nanoTime() - lastOutcome > PATIENCE.toNanos()) {
                stuck = true;
                listener.on(
                        "no outcome for %s, waiting for %s".formatted(PATIENCE, sender.waiting()));
            }
        }

        private void lookAfterJob() {
            if (System.nanoTime() - lastLook < LOOK.toNanos()) {
                return;
            }
            cluster.superviseJob();
            watch.look(cluster.jobId());
            lastLook = System.nanoTime();
        }

        private void disturb(CommittedOutcomes reader, RequestSender sender) {
            recovery = recovery.filter(each -> !isOver(each, sender));
            if (recovery.isPresent() && sender.isDone()) {
                throw new IllegalStateException(
                        "all requests were answered before the last disturbance: send more");
            }
            if (resumeAt != 0 && System.nanoTime() > resumeAt) {
                cluster.resume();
                resumeAt = 0;
            }
            if (isTimeForNext() && cluster.runs()) {
                Disturbance next = schedule.get(struck++);
                cluster.aim(next);
                // What was committed until now must not pass for a recovery.
                reader.catchUp(PATIENCE);
                strike(next);
            }
        }

        private boolean isOver(Recovery recovery, RequestSender sender) {
            Optional<Duration> time =
                    recovery.time(
                            watch.completionOfFirstBegunAfter(recovery.struckAt()),
                            sender.endOfRequestSentAfter(recovery.struckAt()));
            time.ifPresent(
                    taken -> {
                        recoveries.add(taken);
                        listener.on("recovered after %.1f s".formatted(taken.toMillis() / 1e3));
                    });
            return time.isPresent();
        }

        private boolean isTimeForNext() {
            return recovery.isEmpty()
                    && resumeAt == 0
                    && struck < schedule.size()
                    && ledger.size() >= plan.outcomesBefore(struck, outcomes);
        }

        private void strike(Disturbance disturbance) {
            recovery = Optional.of(new Recovery(disturbance, System.currentTimeMillis()));
            String victim = cluster.strike(disturbance);
            if (disturbance == Disturbance.TASK_MANAGER_SUSPENDED) {
                resumeAt = System.nanoTime() + plan.suspension().toNanos();
            }
            listener.on("%d of %d: %s".formatted(struck, schedule.size(), victim));
        }
    }
}
