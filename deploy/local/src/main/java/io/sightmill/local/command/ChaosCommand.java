package io.sightmill.local.command;

import io.sightmill.local.chaos.ChaosPlan;
import io.sightmill.local.chaos.ChaosReport;
import io.sightmill.local.chaos.ChaosSuite;
import io.sightmill.local.chaos.Disturbance;
import io.sightmill.local.cluster.ProcessEndedException;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The proof of exactly once, on processes of this machine. */
@Command(
        name = "chaos",
        description = {
            "Starts broker, JobManager, TaskManagers and ingest as processes, sends requests",
            "undisturbed, sends them again while processes are killed, and compares what readers of",
            "committed records find. Takes minutes and some 4 GB of memory. Exit code 0 if every",
            "request has exactly the outcomes it had undisturbed, once each."
        },
        mixinStandardHelpOptions = true)
public final class ChaosCommand implements Callable<Integer> {

    private static final String SHAPE = "small";

    @Spec private CommandSpec spec;

    @Option(
            names = "--requests",
            paramLabel = "N",
            description = "How many requests; default ${DEFAULT-VALUE}.",
            defaultValue = "500")
    private int requests;

    @Option(
            names = "--task-manager-kills",
            paramLabel = "N",
            description = "SIGKILLs of a TaskManager; default ${DEFAULT-VALUE}.",
            defaultValue = "10")
    private int taskManagerKills;

    @Option(
            names = "--job-manager-kills",
            paramLabel = "N",
            description = "SIGKILLs of the JobManager; default ${DEFAULT-VALUE}.",
            defaultValue = "3")
    private int jobManagerKills;

    @Option(
            names = "--broker-kills",
            paramLabel = "N",
            description = "SIGKILLs of the broker; default ${DEFAULT-VALUE}.",
            defaultValue = "3")
    private int brokerKills;

    @Option(
            names = "--ingest-kills",
            paramLabel = "N",
            description = "SIGKILLs of the ingest application; default ${DEFAULT-VALUE}.",
            defaultValue = "3")
    private int ingestKills;

    @Option(
            names = "--suspensions",
            paramLabel = "N",
            description = "SIGSTOPs of a TaskManager; default ${DEFAULT-VALUE}.",
            defaultValue = "1")
    private int suspensions;

    @Option(
            names = "--rescalings",
            paramLabel = "N",
            description =
                    "Stops with a savepoint and starts with another parallelism; default"
                            + " ${DEFAULT-VALUE}.",
            defaultValue = "1")
    private int rescalings;

    @Option(
            names = "--suspension",
            paramLabel = "ISO-8601",
            description = "How long a SIGSTOP lasts; default ${DEFAULT-VALUE}.",
            defaultValue = "PT20S")
    private Duration suspension;

    @Option(
            names = "--task-managers",
            paramLabel = "N",
            description = "TaskManagers, one slot each; default ${DEFAULT-VALUE}.",
            defaultValue = "3")
    private int taskManagers;

    @Option(
            names = "--parallelism",
            paramLabel = "N",
            description = "Of the job; default ${DEFAULT-VALUE}.",
            defaultValue = "2")
    private int parallelism;

    @Option(
            names = "--sequences",
            paramLabel = "N",
            description = "Sequences an engine decodes at once; default ${DEFAULT-VALUE}.",
            defaultValue = "16")
    private int sequences;

    @Option(
            names = "--checkpoint-interval",
            paramLabel = "ISO-8601",
            description = "How often the job commits; default ${DEFAULT-VALUE}.",
            defaultValue = "PT1S")
    private Duration checkpointInterval;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Of requests and the order of kills; default ${DEFAULT-VALUE}.",
            defaultValue = "1")
    private long seed;

    @Option(
            names = "--model",
            paramLabel = "DIR",
            description =
                    "LLaVA checkpoint directory; default a random one that takes its time, written"
                            + " into the working directory.")
    private Path model;

    @Option(
            names = "--work",
            paramLabel = "DIR",
            description =
                    "New directory for data and logs of the processes, kept; default a temporary"
                            + " one, deleted if all is well.")
    private Path work;

    @Option(names = "--json", description = "One JSON object instead of the summary.")
    private boolean json;

    @Override
    public Integer call() {
        if (model != null && !Files.isDirectory(model)) {
            throw new ParameterException(
                    spec.commandLine(), "--model is " + model + ", which is no directory");
        }
        plan(Path.of(""));
        Path directory = directory();
        ChaosPlan plan = plan(model == null ? written(directory.resolve("model")) : model);
        PrintStream output = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        ChaosReport report;
        try (ChaosProgress progress = new ChaosProgress(System.err)) {
            report = new ChaosSuite(plan, directory, progress).run();
        } catch (IllegalStateException | ProcessEndedException exception) {
            throw new CommandFailedException(
                    exception.getMessage() + "; data and logs are in " + directory, exception);
        }
        ChaosText.print(report, output, json);
        if (report.holds() && work == null) {
            delete(directory);
        } else {
            System.err.println("data and logs are in " + directory);
        }
        return report.holds() ? 0 : 1;
    }

    private ChaosPlan plan(Path checkpoint) {
        Map<Disturbance, Integer> disturbances = new EnumMap<>(Disturbance.class);
        disturbances.put(Disturbance.TASK_MANAGER_KILLED, taskManagerKills);
        disturbances.put(Disturbance.TASK_MANAGER_SUSPENDED, suspensions);
        disturbances.put(Disturbance.JOB_MANAGER_KILLED, jobManagerKills);
        disturbances.put(Disturbance.BROKER_KILLED, brokerKills);
        disturbances.put(Disturbance.INGEST_KILLED, ingestKills);
        disturbances.put(Disturbance.JOB_RESCALED, rescalings);
        try {
            return new ChaosPlan(
                    requests,
                    disturbances,
                    suspension,
                    seed,
                    checkpoint,
                    checkpointInterval,
                    sequences,
                    taskManagers,
                    1,
                    parallelism);
        } catch (IllegalArgumentException exception) {
            throw new ParameterException(spec.commandLine(), exception.getMessage(), exception);
        }
    }

    private static Path written(Path directory) {
        BenchModel.write(SHAPE, directory);
        return directory;
    }

    private Path directory() {
        try {
            if (work == null) {
                return Files.createTempDirectory("sightmill-chaos");
            }
            if (Files.exists(work)) {
                throw new ParameterException(
                        spec.commandLine(), "--work is " + work + ", which exists already");
            }
            return Files.createDirectories(work);
        } catch (IOException exception) {
            throw new CommandFailedException("cannot make a directory to work in", exception);
        }
    }

    private static void delete(Path directory) {
        try (var paths = Files.walk(directory)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException | UncheckedIOException exception) {
            System.err.println("could not delete all of " + directory + ": " + exception);
        }
    }
}
