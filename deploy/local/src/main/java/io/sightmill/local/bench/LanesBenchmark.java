package io.sightmill.local.bench;

import io.sightmill.ingest.archive.PublisherOptions;
import io.sightmill.ingest.archive.RequestPublisher;
import io.sightmill.llava.BenchmarkFigure;
import io.sightmill.local.bench.LaneWatch.LiveAnswer;
import io.sightmill.local.deployment.DeploymentOptions;
import io.sightmill.schema.Lane;
import io.sightmill.schema.Topics;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.ToDoubleFunction;

/**
 * What the lanes do to each other: live requests on an idle system and beside a backlog of the bulk
 * lane; the bulk lane alone and beside live requests.
 */
public final class LanesBenchmark {

    /** Live requests at once a second, of what the bulk lane alone answers. */
    private static final double LIVE_SHARE = 0.2;

    private static final double BULK_TARGET = 0.7;

    /**
     * Both loads are watched so often in turns, so that a drift of the machine meets both; a burst
     * of its neighbours that meets one of them spoils that round, and the median is of others.
     */
    private static final int ROUNDS = 3;

    /** After so long without live requests the engine has given all of its room to bulk. */
    private static final Duration ROOM_REMEMBERED = Duration.ofSeconds(20);

    /** So much of the backlog may be answered while one load is watched. */
    private static final double MOST_ANSWERED = 0.9;

    /** Of the backlog; the compiler is busy until then. */
    private static final double WARM_UP_SHARE = 0.4;

    private static final double WARM_UP_RATE = 20;
    private static final int IDLE_REQUESTS = 60;
    private static final int PICTURE_SIDE = 128;

    private final DeploymentOptions deployment;
    private final int backlog;
    private final Duration window;
    private final BenchListener listener;
    private final BenchRequests load;
    private final LaneWatch watch = new LaneWatch();
    private int sent;
    private int bulkSent;

    /**
     * @param deployment on a data directory of its own, which this fills
     * @param backlog requests that wait in the bulk lane when a load begins
     * @param window how long each of the two loads is watched in all; shorter if the backlog would
     *     not last
     */
    public LanesBenchmark(
            DeploymentOptions deployment,
            int backlog,
            int tokens,
            Duration window,
            BenchListener listener) {
        this.deployment = deployment;
        this.backlog = backlog;
        this.window = window;
        this.listener = listener;
        this.load = new BenchRequests(tokens, PICTURE_SIDE);
    }

    /** Measures; once. */
    public List<BenchmarkFigure> run() {
        listener.reached("start", 0);
        try (RunningPipeline pipeline = RunningPipeline.inThisJvm(deployment);
                TopicWatch topics =
                        TopicWatch.of(
                                pipeline.bootstrapServers(),
                                List.of(Topics.ANSWERS, Topics.ANSWERS_LIVE),
                                false,
                                watch);
                RequestPublisher publisher =
                        RequestPublisher.open(PublisherOptions.to(pipeline.bootstrapServers()))) {
            topics.start();
            Run run = new Run(publisher, () -> pipeline.requireAlive() && topics.requireAlive());
            run.warmUp();
            List<LiveAnswer> idle = run.idle();
            double heapIdle = heapMebibytes();
            Loads loads = run.loads();
            List<BenchmarkFigure> all = new ArrayList<>(figures(idle, loads));
            all.addAll(memory(heapIdle, heapMebibytes()));
            return all;
        }
    }

    /** What the bulk lane gave alone and beside live, and live meanwhile, all a second. */
    private record Round(double alone, double beside, double perSecond, List<LiveAnswer> live) {

        private double ratio() {
            return beside / alone;
        }

        private double firstTokenP99() {
            return quantile(live, LiveAnswer::firstTokenMillis, 0.99);
        }
    }

    private record Loads(List<Round> rounds) {

        private double median(ToDoubleFunction<Round> value) {
            return quantile(rounds, value, 0.5);
        }

        private List<LiveAnswer> live() {
            return rounds.stream().flatMap(round -> round.live().stream()).toList();
        }
    }

    private List<BenchmarkFigure> figures(List<LiveAnswer> idle, Loads loads) {
        BenchFigures figures = new BenchFigures();
        double step = quantile(loads.live(), LiveAnswer::stepMillis, 0.5);
        double idleP99 = quantile(idle, LiveAnswer::firstTokenMillis, 0.99);
        figures.add("bulk.alone", "bulk lane alone", loads.median(Round::alone), "answers/s");
        figures.add(
                "bulk.beside", "bulk lane beside live", loads.median(Round::beside), "answers/s");
        figures.addAtLeast(
                "bulk.ratio",
                "bulk beside live, of bulk alone, median",
                loads.median(Round::ratio),
                BenchmarkFigure.SHARE,
                BULK_TARGET);
        byRound(figures, "bulk.ratio", loads, Round::ratio, BenchmarkFigure.SHARE);
        figures.add("live.rate", "live requests", loads.median(Round::perSecond), "requests/s");
        figures.add("live.count", "live requests measured", loads.live().size(), "requests");
        figures.add("step", "step of the engine, beside bulk, p50", step, "ms");
        add(figures, "idle", "idle system", idle);
        figures.add("idle.p99", "time to first token, idle system, p99", idleP99, "ms");
        add(figures, "loaded", "beside bulk", loads.live());
        figures.addAtMost(
                "loaded.p99",
                "time to first token, beside bulk, p99, median",
                loads.median(Round::firstTokenP99),
                "ms",
                2 * idleP99 + step);
        byRound(figures, "loaded.p99", loads, Round::firstTokenP99, "ms");
        return figures.all();
    }

    private static void byRound(
            BenchFigures figures,
            String key,
            Loads loads,
            ToDoubleFunction<Round> value,
            String unit) {
        for (int round = 1; round <= ROUNDS; round++) {
            figures.add(
                    key + "." + round,
                    "the same in round " + round,
                    value.applyAsDouble(loads.rounds().get(round - 1)),
                    unit);
        }
    }

    private List<BenchmarkFigure> memory(double idle, double beside) {
        BenchFigures figures = new BenchFigures();
        figures.add("heap.idle", "heap in use after a collection, idle", idle, "MiB");
        figures.add("heap.backlog", "the same beside the backlog", beside, "MiB");
        return figures.all();
    }

    private static double heapMebibytes() {
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        memory.gc();
        return memory.getHeapMemoryUsage().getUsed() / (double) (1 << 20);
    }

    private static void add(
            BenchFigures figures, String key, String where, List<LiveAnswer> answers) {
        figures.add(
                key + ".job.p50",
                "of that in the job, " + where + ", p50",
                quantile(answers, LiveAnswer::jobMillis, 0.5),
                "ms");
        figures.add(
                key + ".job.p99",
                "of that in the job, " + where + ", p99",
                quantile(answers, LiveAnswer::jobMillis, 0.99),
                "ms");
        figures.add(
                key + ".p50",
                "time to first token, " + where + ", p50",
                quantile(answers, LiveAnswer::firstTokenMillis, 0.5),
                "ms");
    }

    private static <T> double quantile(List<T> measured, ToDoubleFunction<T> value, double share) {
        double[] sorted = measured.stream().mapToDouble(value).sorted().toArray();
        int rank = (int) Math.ceil(share * sorted.length);
        return sorted[Math.max(0, rank - 1)];
    }

    /** The steps of one measurement. */
    private final class Run {

        private final RequestPublisher publisher;
        private final BooleanSupplier alive;
        private final Random arrivals = new Random(1);
        private long lastLive;

        private Run(RequestPublisher publisher, BooleanSupplier alive) {
            this.publisher = publisher;
            this.alive = alive;
        }

        /** Everything that is measured later, until the compiler is through with it. */
        private void warmUp() {
            listener.reached("warm-up", 0);
            int count = (int) (WARM_UP_SHARE * backlog);
            bulk(count);
            publisher.flush();
            while (watch.bulk() < count && alive.getAsBoolean()) {
                liveFor(Duration.ofSeconds(1), WARM_UP_RATE, () -> {});
                listener.reached("warm-up", 0.2 * watch.bulk() / count);
            }
            watch.takeLive(alive);
            idle(IDLE_REQUESTS);
        }

        private List<LiveAnswer> idle() {
            List<LiveAnswer> answers = new ArrayList<>();
            for (int request = 0; request < IDLE_REQUESTS; request++) {
                answers.addAll(idle(1));
                listener.reached("idle system", 0.2 + 0.1 * request / IDLE_REQUESTS);
            }
            return answers;
        }

        /** One after the other, each on a system that does nothing else. */
        private List<LiveAnswer> idle(int count) {
            List<LiveAnswer> answers = new ArrayList<>();
            for (int request = 0; request < count; request++) {
                live(System.nanoTime());
                answers.addAll(watch.takeLive(alive));
            }
            return answers;
        }

        private Loads loads() {
            List<Round> rounds = new ArrayList<>();
            for (int round = 0; round < ROUNDS; round++) {
                rounds.add(round(0.3 + 0.7 * round / ROUNDS));
            }
            return new Loads(rounds);
        }

        private Round round(double reached) {
            fill(reached);
            sleep(lastLive + Math.min(ROOM_REMEMBERED.toNanos(), window.toNanos() / ROUNDS));
            double alone = bulkAlone(reached + 0.07);
            fill(reached + 0.14);
            int before = sent - bulkSent;
            Duration time = lasting(alone);
            List<LiveAnswer> answers = new ArrayList<>();
            double beside = beside(time, LIVE_SHARE * alone, answers, reached + 0.16);
            double live = (sent - bulkSent - before) / (time.toMillis() / 1e3);
            return new Round(alone, beside, live, answers);
        }

        /** Has the backlog wait, ingest through with it, and the engine full of bulk. */
        private void fill(double reached) {
            listener.reached("backlog", reached);
            bulk(Math.max(0, backlog - (bulkSent - watch.bulk())));
            publisher.flush();
            sleep(System.nanoTime() + window.toNanos() / 4 / ROUNDS);
        }

        private double bulkAlone(double reached) {
            listener.reached("bulk lane alone", reached);
            Duration lasting = window.dividedBy(ROUNDS);
            int before = watch.bulk();
            double perSecond =
                    bulkPerSecond(
                            () -> {
                                long end = System.nanoTime() + lasting.toNanos();
                                while (System.nanoTime() < end
                                        && watch.bulk() - before < MOST_ANSWERED * backlog
                                        && alive.getAsBoolean()) {
                                    LockSupport.parkNanos(100_000_000);
                                }
                            });
            requireBacklog();
            return perSecond;
        }

        /** How long the backlog lasts beside live requests, or the window. */
        private Duration lasting(double alonePerSecond) {
            Duration most = window.dividedBy(ROUNDS);
            Duration lasting =
                    Duration.ofMillis(
                            (long)
                                    (1_000
                                            * MOST_ANSWERED
                                            * (bulkSent - watch.bulk())
                                            / alonePerSecond));
            return lasting.compareTo(most) < 0 ? lasting : most;
        }

        private double beside(
                Duration time, double rate, List<LiveAnswer> answers, double reached) {
            double bulk =
                    bulkPerSecond(
                            () -> {
                                liveFor(time, rate, () -> listener.reached("both lanes", reached));
                                answers.addAll(watch.takeLive(alive));
                            });
            requireBacklog();
            return bulk;
        }

        /** Random arrivals at this rate. */
        private void liveFor(Duration time, double perSecond, Runnable meanwhile) {
            long begin = System.nanoTime();
            long due = begin;
            while (due - begin < time.toNanos()) {
                due += (long) (-Math.log(1 - arrivals.nextDouble()) / perSecond * 1e9);
                while (System.nanoTime() < due) {
                    LockSupport.parkNanos(due - System.nanoTime());
                }
                live(due);
                meanwhile.run();
            }
        }

        private double bulkPerSecond(Runnable meanwhile) {
            int before = watch.bulk();
            long begin = System.nanoTime();
            meanwhile.run();
            return (watch.bulk() - before) * 1e9 / (System.nanoTime() - begin);
        }

        private void requireBacklog() {
            if (watch.bulk() >= bulkSent) {
                throw new IllegalStateException(
                        "the backlog of " + backlog + " was answered too soon; make it larger");
            }
        }

        private void bulk(int count) {
            for (int request = 0; request < count; request++) {
                publisher.publish(load.request("bulk-" + sent, Lane.BULK, sent++, false));
                bulkSent++;
            }
        }

        private void live(long due) {
            String id = "live-" + sent;
            watch.sent(id, due);
            lastLive = System.nanoTime();
            publisher.publish(load.request(id, Lane.LIVE, sent++, false));
        }

        private void sleep(long end) {
            while (System.nanoTime() < end && alive.getAsBoolean()) {
                LockSupport.parkNanos(100_000_000);
            }
        }
    }
}
