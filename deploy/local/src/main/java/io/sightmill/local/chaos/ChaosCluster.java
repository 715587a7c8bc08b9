package io.sightmill.local.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import io.sightmill.job.InferenceJob;
import io.sightmill.job.JobOptions;
import io.sightmill.local.cluster.ClusterProcess;
import io.sightmill.local.cluster.FlinkRest;
import io.sightmill.local.cluster.ProcessCluster;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;

/**
 * The pipeline as processes, and who looks after it: what dies is started again, and a job that no
 * JobManager knows any more is submitted from its last completed checkpoint. Used by one thread.
 */
final class ChaosCluster implements AutoCloseable {

    private static final Set<String> ENDED = Set.of("FAILED", "CANCELED", "FINISHED", "SUSPENDED");

    private static final Duration TIME_TO_STOP = Duration.ofMinutes(1);

    private final ProcessCluster processes;
    private final ChaosPlan plan;
    private final Random random;
    private final Map<String, ClusterProcess> taskManagers = new LinkedHashMap<>();
    private final String bootstrapServers;
    private final ClusterProcess broker;
    private final ClusterProcess jobManager;
    private final ClusterProcess ingest;
    private ClusterProcess target;
    private ClusterProcess suspended;
    private int parallelism;
    private JobClient job;

    private ChaosCluster(ProcessCluster processes, ChaosPlan plan) {
        this.processes = processes;
        this.plan = plan;
        this.random = new Random(plan.seed());
        broker = processes.startBroker(plan.parallelism());
        bootstrapServers = processes.bootstrapServers();
        jobManager = processes.startJobManager();
        for (int index = 1; index <= plan.taskManagers(); index++) {
            String name = "taskmanager-" + index;
            Map<String, String> own =
                    Map.of("taskmanager.numberOfTaskSlots", Integer.toString(plan.slots()));
            taskManagers.put(name, processes.addTaskManager(name, own, Map.of()).launch());
        }
        ingest = processes.startIngest();
        taskManagers.values().forEach(each -> each.awaitReady(ProcessCluster.PATIENCE));
        parallelism = plan.parallelism();
        submit(Optional.empty());
    }

    static ChaosCluster start(Path directory, ChaosPlan plan) {
        ProcessCluster processes =
                ProcessCluster.in(
                        directory,
                        Map.of(
                                "metrics.fetcher.update-interval", "400ms",
                                "web.checkpoints.history", "100"),
                        List.of("-XX:TieredStopAtLevel=1"));
        try {
            return new ChaosCluster(processes, plan);
        } catch (RuntimeException | Error failure) {
            processes.close();
            throw failure;
        }
    }

    String bootstrapServers() {
        return bootstrapServers;
    }

    FlinkRest rest() {
        return processes.rest();
    }

    /** The job as the last JobManager knew it. */
    String jobId() {
        return job.getJobID().toHexString();
    }

    /** Whether every task of the job runs. */
    boolean runs() {
        try {
            return rest().allTasksRun(jobId());
        } catch (UncheckedIOException notThere) {
            return false;
        }
    }

    /** Chooses what is hit next: it takes a while to ask which TaskManagers run tasks. */
    void aim(Disturbance disturbance) {
        target =
                switch (disturbance) {
                    case TASK_MANAGER_KILLED, TASK_MANAGER_SUSPENDED -> busyTaskManager();
                    case JOB_MANAGER_KILLED -> jobManager;
                    case BROKER_KILLED -> broker;
                    case INGEST_KILLED -> ingest;
                    case JOB_RESCALED -> null;
                };
    }

    /**
     * Does it to the process aimed at, and starts what was killed.
     *
     * @return what was hit
     */
    String strike(Disturbance disturbance) {
        return switch (disturbance) {
            case JOB_RESCALED -> rescaled();
            case TASK_MANAGER_SUSPENDED -> {
                suspended = target;
                suspended.suspend();
                yield suspended.name() + " suspended";
            }
            default -> {
                target.kill();
                target.launch();
                yield target.name() + " killed";
            }
        };
    }

    /** From all to one, or from one to all. */
    private String rescaled() {
        try {
            String savepoint =
                    job.stopWithSavepoint(
                                    false,
                                    processes.savepoints().toUri().toString(),
                                    SavepointFormatType.CANONICAL)
                            .get(TIME_TO_STOP.toSeconds(), TimeUnit.SECONDS);
            parallelism = parallelism == 1 ? plan.parallelism() : 1;
            submit(Optional.of(Path.of(URI.create(savepoint))));
            return "job rescaled, now with parallelism " + parallelism;
        } catch (ExecutionException | TimeoutException exception) {
            throw new IllegalStateException("the job does not stop with a savepoint", exception);
        } catch (InterruptedException exception) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", exception);
        }
    }

    /** Lets the suspended TaskManager go on. */
    void resume() {
        suspended.resume();
        suspended = null;
    }

    /** Submits the job again if the JobManager is a new one. */
    void superviseJob() {
        try {
            for (JsonNode job : rest().get("/jobs/overview").path("jobs")) {
                if (!ENDED.contains(job.path("state").asText())) {
                    return;
                }
            }
        } catch (UncheckedIOException notThere) {
            return;
        }
        submit(processes.latestCheckpoint());
    }

    private void submit(Optional<Path> from) {
        JobOptions options =
                JobOptions.from(
                        Map.of(
                                "bootstrap-servers",
                                bootstrapServers,
                                "model",
                                plan.model().toAbsolutePath().toString(),
                                // By default the live lane answers at once and at least once.
                                "live-delivery",
                                "exactly-once",
                                "max-sequences",
                                Integer.toString(plan.sequences()),
                                "checkpoint-interval",
                                plan.checkpointInterval().toMillis() + " ms"));
        job =
                processes.submit(
                        InferenceJob.NAME,
                        environment -> {
                            environment.setParallelism(parallelism);
                            InferenceJob.define(environment, options);
                        },
                        from);
    }

    /** One that runs tasks of the job, so that no blow misses. */
    private ClusterProcess busyTaskManager() {
        Set<String> busy = new TreeSet<>();
        for (JsonNode vertex : rest().get("/jobs/" + jobId()).path("vertices")) {
            String path = "/jobs/" + jobId() + "/vertices/" + vertex.path("id").asText();
            for (JsonNode subtask : rest().get(path).path("subtasks")) {
                busy.add(subtask.path("taskmanager-id").asText());
            }
        }
        List<String> candidates = new ArrayList<>(busy);
        candidates.retainAll(taskManagers.keySet());
        return taskManagers.get(candidates.get(random.nextInt(candidates.size())));
    }

    @Override
    public void close() {
        processes.close();
    }
}
