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
import java.util.function.ToDoubleFunction;

/**
 * What the lanes do to each other: live requests on an idle system and beside a backlog of the bulk
 * lane; the bulk lane alone and beside live requests.
 */
public final class LanesBenchmark {

    /** Live requests at once a second, of what the bulk lane alone answers. */
    private static final double LIVE_SHARE = 0.2;

    private static final double BULK_TARGET = 0.7;

    /** So much of the backlog may be answered before live requests come. */
    private static final double ALONE_SHARE = 0.4;

    private static final int WARM_UP = 400;
    private static final int IDLE_REQUESTS = 60;
    private static final int PICTURE_SIDE = 128;

    private final DeploymentOptions deployment;
    private final int backlog;
    private final Duration window;
    private final BenchListener listener;
    private final BenchRequests load;
    private final LaneWatch watch = new LaneWatch();
    private int sent;

    /**
     * @param deployment on a data directory of its own, which this fills
     * @param backlog requests that wait in the bulk lane
     * @param window how long each of the two loads is watched; shorter if the backlog would not
     *     last
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
            Run run = new Run(pipeline, publisher);
            run.warmUp();
            List<LiveAnswer> idle = run.idle();
            double heapIdle = heapMebibytes();
            run.fill();
            double alone = run.bulkAlone();
            Mixed mixed = run.mixed(alone);
            List<BenchmarkFigure> all = new ArrayList<>(figures(idle, alone, mixed));
            all.addAll(memory(heapIdle, heapMebibytes()));
            return all;
        }
    }

    /** What both lanes gave together. */
    private record Mixed(List<LiveAnswer> live, double bulkPerSecond, double livePerSecond) {}

    private List<BenchmarkFigure> figures(List<LiveAnswer> idle, double alone, Mixed mixed) {
        BenchFigures figures = new BenchFigures();
        double step = quantile(mixed.live(), LiveAnswer::stepMillis, 0.5);
        double idleP99 = quantile(idle, LiveAnswer::firstTokenMillis, 0.99);
        figures.add("bulk.alone", "bulk lane alone", alone, "answers/s");
        figures.add("bulk.beside", "bulk lane beside live", mixed.bulkPerSecond(), "answers/s");
        figures.addAtLeast(
                "bulk.ratio",
                "bulk beside live, of bulk alone",
                mixed.bulkPerSecond() / alone,
                BenchmarkFigure.SHARE,
                BULK_TARGET);
        figures.add("live.rate", "live requests", mixed.livePerSecond(), "requests/s");
        figures.add("live.count", "live requests measured", mixed.live().size(), "requests");
        figures.add("step", "step of the engine, beside bulk, p50", step, "ms");
        add(figures, "idle", "idle system", idle);
        figures.add("idle.p99", "time to first token, idle system, p99", idleP99, "ms");
        add(figures, "loaded", "beside bulk", mixed.live());
        figures.addAtMost(
                "loaded.p99",
                "time to first token, beside bulk, p99",
                quantile(mixed.live(), LiveAnswer::firstTokenMillis, 0.99),
                "ms",
                2 * idleP99 + step);
        return figures.all();
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

    private static double quantile(
            List<LiveAnswer> answers, ToDoubleFunction<LiveAnswer> value, double share) {
        double[] sorted = answers.stream().mapToDouble(value).sorted().toArray();
        int rank = (int) Math.ceil(share * sorted.length);
        return sorted[Math.max(0, rank - 1)];
    }

    /** The steps of one measurement. */
    private final class Run {

        private final RunningPipeline pipeline;
        private final RequestPublisher publisher;
        private final Random arrivals = new Random(1);

        private Run(RunningPipeline pipeline, RequestPublisher publisher) {
            this.pipeline = pipeline;
            this.publisher = publisher;
        }

        private void warmUp() {
            listener.reached("warm-up", 0.02);
            bulk(WARM_UP);
            while (watch.bulk() < WARM_UP) {
                idle(1);
            }
            idle(WARM_UP / 4);
        }

        private List<LiveAnswer> idle() {
            List<LiveAnswer> answers = new ArrayList<>();
            for (int request = 0; request < IDLE_REQUESTS; request++) {
                answers.addAll(idle(1));
                listener.reached("idle system", 0.05 + 0.15 * request / IDLE_REQUESTS);
            }
            return answers;
        }

        /** One after the other, each on a system that does nothing else. */
        private List<LiveAnswer> idle(int count) {
            List<LiveAnswer> answers = new ArrayList<>();
            for (int request = 0; request < count; request++) {
                live(System.nanoTime());
                answers.addAll(watch.takeLive(pipeline::requireAlive));
            }
            return answers;
        }

        private void fill() {
            listener.reached("backlog", 0.2);
            bulk(backlog);
            publisher.flush();
        }

        private double bulkAlone() {
            int begin = watch.bulk();
            // Until the engine is full of bulk, and ingest is through with the backlog.
            sleep(window.dividedBy(4), 0.1, "bulk lane alone", 0.2, 0.3);
            requireBacklog(begin);
            return bulkPerSecond(() -> sleep(window, ALONE_SHARE, "bulk lane alone", 0.3, 0.6));
        }

        private Mixed mixed(double alone) {
            double rate = LIVE_SHARE * alone;
            Duration lasting = Duration.ofMillis((long) (800 * (backlog - watch.bulk()) / alone));
            Duration time = lasting.compareTo(window) < 0 ? lasting : window;
            List<LiveAnswer> answers = new ArrayList<>();
            int before = sent;
            double bulk =
                    bulkPerSecond(
                            () -> {
                                liveFor(time, rate);
                                answers.addAll(watch.takeLive(pipeline::requireAlive));
                            });
            requireBacklog(0);
            return new Mixed(answers, bulk, (sent - before) / (time.toMillis() / 1e3));
        }

        /** Random arrivals at this rate. */
        private void liveFor(Duration time, double perSecond) {
            long begin = System.nanoTime();
            long due = begin;
            while (due - begin < time.toNanos()) {
                due += (long) (-Math.log(1 - arrivals.nextDouble()) / perSecond * 1e9);
                while (System.nanoTime() < due) {
                    LockSupport.parkNanos(due - System.nanoTime());
                }
                live(due);
                listener.reached(
                        "both lanes",
                        0.6 + 0.4 * Math.min(1, (due - begin) / (double) time.toNanos()));
            }
        }

        private double bulkPerSecond(Runnable meanwhile) {
            int before = watch.bulk();
            long begin = System.nanoTime();
            meanwhile.run();
            return (watch.bulk() - before) * 1e9 / (System.nanoTime() - begin);
        }

        private void requireBacklog(int before) {
            if (watch.bulk() - before >= backlog) {
                throw new IllegalStateException(
                        "the backlog of " + backlog + " was answered too soon; make it larger");
            }
        }

        private void bulk(int count) {
            for (int request = 0; request < count; request++) {
                publisher.publish(load.request("bulk-" + sent, Lane.BULK, sent++, false));
            }
        }

        private void live(long due) {
            String id = "live-" + sent;
            watch.sent(id, due);
            publisher.publish(load.request(id, Lane.LIVE, sent++, false));
        }

        /** Ends sooner when so much of the backlog has been answered meanwhile. */
        private void sleep(Duration time, double most, String part, double from, double to) {
            int before = watch.bulk();
            long begin = System.nanoTime();
            long taken = 0;
            while (taken < time.toNanos()
                    && watch.bulk() - before < most * backlog
                    && pipeline.requireAlive()) {
                listener.reached(part, from + (to - from) * taken / time.toNanos());
                LockSupport.parkNanos(100_000_000);
                taken = System.nanoTime() - begin;
            }
        }
    }
}
