package io.sightmill.local.bench;

import io.sightmill.engine.Device;
import io.sightmill.engine.EngineOptions;
import io.sightmill.engine.Model;
import io.sightmill.ingest.archive.PublisherOptions;
import io.sightmill.ingest.archive.RequestPublisher;
import io.sightmill.llava.BenchmarkFigure;
import io.sightmill.llava.LlavaModelProvider;
import io.sightmill.local.deployment.DeploymentOptions;
import io.sightmill.schema.Lane;
import io.sightmill.schema.Topics;
import io.sightmill.schema.VisionRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * The same requests through the bare engine, then through broker, ingest, Flink and sinks in one
 * JVM, then through the same as processes: what the pipeline costs.
 */
public final class PipelineBenchmark {

    private static final int PICTURE_SIDE = 128;
    private static final double LONGEST_CHECKPOINT_MILLIS = 1_000;

    private final DeploymentOptions deployment;
    private final int warmUp;
    private final int requests;
    private final double target;
    private final BenchRequests load;
    private final BenchListener listener;
    private final BenchFigures figures = new BenchFigures();

    /**
     * @param deployment on a data directory of its own, which this fills
     * @param warmUp requests that are answered before, each time, and not measured
     * @param target least share of the bare engine's rate that the pipeline is to reach
     */
    public PipelineBenchmark(
            DeploymentOptions deployment,
            int warmUp,
            int requests,
            int tokens,
            double target,
            BenchListener listener) {
        this.deployment = deployment;
        this.warmUp = warmUp;
        this.requests = requests;
        this.target = target;
        this.load = new BenchRequests(tokens, PICTURE_SIDE);
        this.listener = listener;
    }

    /** Measures; once. */
    public List<BenchmarkFigure> run() {
        List<VisionRequest> first = requests("warm", warmUp);
        List<VisionRequest> measured = requests("bench", requests);
        double bare = bare(first, measured);
        ratio("one JVM", piped("jvm", RunningPipeline::inThisJvm, first, measured), bare);
        ratio("processes", piped("processes", RunningPipeline::asProcesses, first, measured), bare);
        return figures.all();
    }

    private void ratio(String how, double piped, double bare) {
        figures.addAtLeast(
                "ratio-" + how.replace("one ", "").toLowerCase(Locale.ROOT),
                "pipeline in %s, of the bare engine".formatted(how),
                piped / bare,
                BenchmarkFigure.SHARE,
                target);
    }

    private List<VisionRequest> requests(String prefix, int count) {
        List<VisionRequest> made = new ArrayList<>(count);
        for (int number = 0; number < count; number++) {
            // A picture of another number than any warm-up's: nothing of it is cached.
            int picture = prefix.hashCode() + number;
            made.add(load.request(prefix + "-" + number, Lane.BULK, picture, false));
        }
        return made;
    }

    private double bare(List<VisionRequest> first, List<VisionRequest> measured) {
        listener.reached("bare engine", 0);
        try (Model model =
                new LlavaModelProvider(
                                deployment.model().toString(),
                                deployment.precision(),
                                deployment.template().orElse(null),
                                deployment.images(),
                                deployment.load())
                        .open(Device.cpu())) {
            BareEngine engine = new BareEngine(model, EngineOptions.defaults());
            engine.answer(first, share -> {});
            engine.answer(measured, share -> listener.reached("bare engine", share / 2));
            double rate = perSecond(engine.generate().toNanos());
            figures.add("bare", "bare engine, requests prepared", rate, "answers/s");
            figures.add(
                    "preprocess",
                    "stage preprocess, one thread",
                    perSecond(engine.preprocess().toNanos()),
                    "records/s");
            return rate;
        }
    }

    private double piped(
            String how,
            Function<DeploymentOptions, RunningPipeline> start,
            List<VisionRequest> first,
            List<VisionRequest> measured) {
        listener.reached(how + ": start", 0.5);
        try (RunningPipeline pipeline = start.apply(deployment)) {
            send(pipeline, first, how + ": warm-up");
            StageTimes times = send(pipeline, measured, how);
            add(how, "read", "stage read: published", times.published());
            add(how, "ingest", "stage ingest, from the first read", times.ingested());
            add(
                    how,
                    "write",
                    "stage emit: answers written alone, a transaction",
                    perSecond(times.answers().writeAgain(pipeline.bootstrapServers())));
            add(how, "pipeline", "answers committed", times.answered());
            pipeline.checkpoints().ifPresent(this::add);
            return times.answered();
        }
    }

    private void add(String how, String key, String what, double perSecond) {
        figures.add(how + "-" + key, how + ": " + what, perSecond, "records/s");
    }

    private void add(CheckpointTimes checkpoints) {
        figures.add("checkpoints", "checkpoints meanwhile", checkpoints.count(), "checkpoints");
        figures.add("checkpoint-p50", "checkpoint, p50", checkpoints.medianMillis(), "ms");
        figures.addAtMost(
                "checkpoint-max",
                "checkpoint, longest",
                checkpoints.longestMillis(),
                "ms",
                LONGEST_CHECKPOINT_MILLIS);
        checkpoints.longest().ifPresent(this::add);
    }

    private void add(CheckpointTimes.Longest longest) {
        String what = "checkpoint %d, the longest: ".formatted(longest.number());
        figures.add("longest-before", what + "until its task began", longest.beforeMillis(), "ms");
        figures.add("longest-sync", what + "in its task", longest.syncMillis(), "ms");
        figures.add("longest-async", what + "beside its task", longest.asyncMillis(), "ms");
    }

    /** Records per second, from when the first one was published to when the last one was there. */
    private record StageTimes(
            double published, double ingested, double answered, KeptAnswers answers) {}

    private StageTimes send(RunningPipeline pipeline, List<VisionRequest> records, String what) {
        TopicTimes times = new TopicTimes();
        KeptAnswers answers = new KeptAnswers(times);
        String servers = pipeline.bootstrapServers();
        try (TopicWatch watch =
                        TopicWatch.of(
                                servers,
                                List.of(Topics.REQUESTS_BULK, Topics.ANSWERS),
                                true,
                                answers);
                RequestPublisher publisher = RequestPublisher.open(PublisherOptions.to(servers))) {
            watch.start();
            long begin = System.nanoTime();
            records.forEach(publisher::publish);
            publisher.flush();
            long published = System.nanoTime() - begin;
            times.await(
                    Topics.ANSWERS,
                    records.size(),
                    () -> {
                        listener.reached(
                                what, 0.5 + 0.5 * times.count(Topics.ANSWERS) / records.size());
                        return pipeline.requireAlive() && watch.requireAlive();
                    });
            return new StageTimes(
                    perSecond(published),
                    perSecond(times.last(Topics.REQUESTS_BULK) - begin),
                    perSecond(times.last(Topics.ANSWERS) - begin),
                    answers);
        }
    }

    private double perSecond(long nanos) {
        return requests * 1e9 / nanos;
    }
}
