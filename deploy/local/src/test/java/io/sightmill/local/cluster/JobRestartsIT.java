package io.sightmill.local.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sightmill.job.InferenceJob;
import io.sightmill.job.JobOptions;
import io.sightmill.schema.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.flink.core.execution.JobClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same TaskManager runs one job after another: what a job leaves behind adds up. */
class JobRestartsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int RESTARTS = 10;

    /**
     * The class loader of the first job: in it the thread began that cleans up after JNA, and that
     * one lives as long as the process.
     */
    private static final int KEPT_LOADERS = 1;

    /** As many as it takes until caches, pools and compiled code are there. */
    private static final int WARM_UP = 3;

    /** Some 4 MiB a restart, which is less than the weights and the KV memory of the tiny model. */
    private static final long MOST_GROWTH = 32 << 20;

    @TempDir private Path directory;

    /** What is alive in a process, after a full collection. */
    private record Remains(
            int engines, int models, int classLoaders, List<String> threads, long bytes) {

        private static final Pattern COUNT = Pattern.compile("(?m)^ *\\d+: +(\\d+) +\\d+ +(\\S+)");

        static Remains of(ClusterProcess process) throws Exception {
            String histogram = jcmd(process, "GC.class_histogram");
            String threads = jcmd(process, "Thread.print");
            return new Remains(
                    count(histogram, "io.sightmill.flink.EngineThread"),
                    count(histogram, "io.sightmill.llava.LlavaModel"),
                    count(histogram, "SafetyNetWrapperClassLoader"),
                    threads.lines()
                            .filter(line -> line.startsWith("\""))
                            .map(line -> line.substring(1, line.indexOf('"', 1)))
                            .sorted()
                            .toList(),
                    residentBytes(process.pid()));
        }

        private static int count(String histogram, String type) {
            return COUNT.matcher(histogram)
                    .results()
                    .filter(row -> row.group(2).endsWith(type))
                    .map((MatchResult row) -> row.group(1))
                    .mapToInt(Integer::parseInt)
                    .sum();
        }

        private static String jcmd(ClusterProcess process, String... command) throws Exception {
            List<String> words = new ArrayList<>();
            words.add(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString());
            words.add(Long.toString(process.pid()));
            words.addAll(List.of(command));
            Process jcmd = new ProcessBuilder(words).redirectErrorStream(true).start();
            String text = new String(jcmd.getInputStream().readAllBytes());
            assertThat(jcmd.waitFor()).as(text).isZero();
            return text;
        }

        /** The second field of /proc/PID/statm in pages of 4 KiB, see proc(5). */
        private static long residentBytes(long pid) throws IOException {
            String[] fields = Files.readString(Path.of("/proc/" + pid + "/statm")).split(" ");
            return Long.parseLong(fields[1]) << 12;
        }
    }

    @Test
    void tenRestartsInOneTaskManagerLeaveNothingBehind() throws Exception {
        List<Remains> remains = new ArrayList<>();
        TinyModel model = new TinyModel(directory.resolve("models").toString());
        try (ProcessCluster cluster = ProcessCluster.in(directory)) {
            cluster.startBroker(1);
            cluster.startJobManager();
            ClusterProcess taskManager = cluster.startTaskManager("taskmanager-1");
            for (int restart = 0; restart <= RESTARTS; restart++) {
                run(cluster, model, "request-" + restart);
                remains.add(settled(taskManager, remains));
            }
        }

        // Both lanes shared one engine each time.
        assertThat(model.opened()).hasSize(RESTARTS + 1);
        Remains warm = remains.get(WARM_UP);
        Remains last = remains.get(RESTARTS);
        assertThat(last.threads()).noneMatch(name -> name.startsWith("sightmill-"));
        assertThat(last.threads()).noneMatch(name -> name.startsWith("kafka-"));
        assertThat(last.bytes() - warm.bytes()).as(summary(remains)).isLessThan(MOST_GROWTH);
    }

    /**
     * What is left of a job that is over. Its end is told before its TaskManager has let go of it,
     * and what only a finalizer holds outlives one collection: what is left behind is what stays.
     */
    private static Remains settled(ClusterProcess taskManager, List<Remains> before) {
        AtomicReference<Remains> seen = new AtomicReference<>();
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> {
                            Remains now = Remains.of(taskManager);
                            seen.set(now);
                            String all = summary(before) + "; now " + now;
                            assertThat(now.engines()).as(all).isZero();
                            assertThat(now.models()).as(all).isZero();
                            assertThat(now.classLoaders())
                                    .as(all)
                                    .isLessThanOrEqualTo(KEPT_LOADERS);
                        });
        return seen.get();
    }

    private static String summary(List<Remains> remains) {
        return remains.stream()
                .map(
                        each ->
                                "%d engines, %d models, %d class loaders, %d threads, %d MiB"
                                        .formatted(
                                                each.engines(),
                                                each.models(),
                                                each.classLoaders(),
                                                each.threads().size(),
                                                each.bytes() >> 20))
                .collect(Collectors.joining("; ", "after each job: ", ""));
    }

    /** Submits the job, has it answer, and returns when nothing of it runs any more. */
    private static void run(ProcessCluster cluster, TinyModel model, String requestId)
            throws Exception {
        JobOptions options =
                JobOptions.from(
                        Map.of(
                                "bootstrap-servers", cluster.bootstrapServers(),
                                "model", TinyModel.DIRECTORY.toString(),
                                "checkpoint-interval", "300ms"));
        TestRequests requests = TestRequests.to(cluster);
        requests.send(Topics.REQUESTS_BULK, requestId, "What is it?");
        JobClient job =
                cluster.submit(
                        InferenceJob.NAME,
                        environment -> {
                            environment.setParallelism(1);
                            InferenceJob.define(environment, options, model);
                        },
                        cluster.latestCheckpoint());
        await(requestId)
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(requests.answered()).containsOnlyOnce(requestId));
        job.cancel().get();
        await().atMost(PATIENCE)
                .until(() -> cluster.rest().jobState(job.getJobID().toString()).equals("CANCELED"));
    }
}
