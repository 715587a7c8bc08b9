package io.sightmill.local.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * A part of the cluster in a JVM of its own, which may be killed and started again any number of
 * times; each life has a log file of its own.
 *
 * <p>Thread-safe. The child ends with this JVM, even if this JVM is killed.
 */
public final class ClusterProcess implements AutoCloseable {

    private static final Duration TIME_TO_END = Duration.ofSeconds(20);
    private static final long PAUSE_MILLIS = 50;

    private final String name;
    private final Supplier<JavaProgram> program;
    private final Predicate<ClusterProcess> isReady;
    private final Path logDirectory;
    private Process process;
    private int lives;

    /**
     * @param program asked anew at every start
     * @param isReady whether a process that runs does its work already
     * @param logDirectory holds {@code NAME-1.log}, {@code NAME-2.log} and so on
     */
    ClusterProcess(
            String name,
            Supplier<JavaProgram> program,
            Predicate<ClusterProcess> isReady,
            Path logDirectory) {
        this.name = name;
        this.program = program;
        this.isReady = isReady;
        this.logDirectory = logDirectory;
    }

    public String name() {
        return name;
    }

    /** Starts it and returns at once. */
    public synchronized ClusterProcess launch() {
        if (isRunning()) {
            throw new IllegalStateException(name + " runs already");
        }
        lives++;
        try {
            Files.createDirectories(logDirectory);
            process =
                    program.get()
                            .builder()
                            .redirectErrorStream(true)
                            .redirectOutput(logFile().toFile())
                            .start();
            return this;
        } catch (IOException exception) {
            throw new UncheckedIOException("cannot start " + name, exception);
        }
    }

    /** Starts it and returns when it does its work. */
    public ClusterProcess start(Duration most) {
        return launch().awaitReady(most);
    }

    /**
     * Returns when it does its work.
     *
     * @throws ProcessEndedException if it ends first, or takes longer; the message has the end of
     *     its log
     */
    public ClusterProcess awaitReady(Duration most) {
        long deadline = System.nanoTime() + most.toNanos();
        while (!isReady.test(this)) {
            if (hasEndedWithin(PAUSE_MILLIS)) {
                throw new ProcessEndedException(name + " ended " + exitCode(), this);
            }
            if (System.nanoTime() > deadline) {
                throw new ProcessEndedException(name + " is not ready after " + most, this);
            }
        }
        return this;
    }

    /** SIGKILL; returns when it is gone. */
    public void kill() {
        Process victim = current();
        victim.destroyForcibly();
        awaitEnd(victim);
    }

    /** SIGTERM; returns when it has ended, by SIGKILL if it takes too long. */
    public void terminate() {
        Process victim = current();
        victim.destroy();
        if (!awaitEnd(victim)) {
            kill();
        }
    }

    /** SIGSTOP: it stands still until {@link #resume()}, and its connections stay open. */
    public void suspend() {
        signal("STOP");
    }

    /** SIGCONT. */
    public void resume() {
        signal("CONT");
    }

    public synchronized boolean isRunning() {
        return process != null && process.isAlive();
    }

    public long pid() {
        return current().pid();
    }

    /** The log of the present life, or of the last one. */
    public synchronized Path logFile() {
        return logDirectory.resolve(name + "-" + lives + ".log");
    }

    /** The text of {@link #logFile()}. */
    public String log() {
        try {
            return Files.readString(logFile(), StandardCharsets.UTF_8);
        } catch (IOException exception) {
            throw new UncheckedIOException(exception);
        }
    }

    /** SIGKILL, if it runs. */
    @Override
    public void close() {
        if (isRunning()) {
            kill();
        }
    }

    private void signal(String signal) {
        String pid = Long.toString(pid());
        try {
            Process kill = new ProcessBuilder("kill", "-" + signal, pid).inheritIO().start();
            if (kill.waitFor() != 0) {
                throw new IllegalStateException("kill -%s %s failed".formatted(signal, pid));
            }
        } catch (IOException exception) {
            throw new UncheckedIOException(exception);
        } catch (InterruptedException exception) {
            throw interrupted(exception);
        }
    }

    private synchronized Process current() {
        if (process == null) {
            throw new IllegalStateException(name + " was never started");
        }
        return process;
    }

    private int exitCode() {
        return current().exitValue();
    }

    private boolean hasEndedWithin(long millis) {
        return awaitEnd(current(), Duration.ofMillis(millis));
    }

    private static boolean awaitEnd(Process process) {
        return awaitEnd(process, TIME_TO_END);
    }

    private static boolean awaitEnd(Process process, Duration most) {
        try {
            return process.waitFor(most.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException exception) {
            throw interrupted(exception);
        }
    }

    private static IllegalStateException interrupted(InterruptedException exception) {
        Thread.currentThread().interrupt();
        return new IllegalStateException("interrupted", exception);
    }
}
