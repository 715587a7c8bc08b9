package io.sightmill.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The command line in a JVM of its own, as the launcher starts it, with its output in files. */
final class SightmillProcess implements AutoCloseable {

    private final Process process;
    private final Path output;
    private final Path errors;

    private SightmillProcess(Process process, Path output, Path errors) {
        this.process = process;
        this.output = output;
        this.errors = errors;
    }

    /** Starts it with the class path of this JVM; its output goes to files in the directory. */
    static SightmillProcess start(Path directory, Object... arguments) {
        return start(directory, Map.of(), arguments);
    }

    /** The same with more in its environment. */
    static SightmillProcess start(
            Path directory, Map<String, String> environment, Object... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of(
                        "-Xmx1g",
                        "-XX:TieredStopAtLevel=1",
                        "-Djava.awt.headless=true",
                        "-Dai.djl.offline=true"));
        command.add("-Dai.djl.pytorch.num_threads=1");
        command.add("-Dsightmill.home=" + projectRoot());
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.add(Sightmill.class.getName());
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        try {
            Path output = Files.createTempFile(directory, "output", ".txt");
            Path errors = Files.createTempFile(directory, "errors", ".txt");
            ProcessBuilder builder =
                    new ProcessBuilder(command)
                            .redirectOutput(output.toFile())
                            .redirectError(errors.toFile());
            builder.environment().putAll(environment);
            return new SightmillProcess(builder.start(), output, errors);
        } catch (IOException exception) {
            throw new UncheckedIOException(exception);
        }
    }

    /** The root of the checkout: two above this module. */
    static Path projectRoot() {
        return Path.of("").toAbsolutePath().getParent().getParent();
    }

    /** Waits for its end and says how it ended. */
    int exitCode(Duration most) {
        try {
            if (!process.waitFor(most.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("still running after " + most + ": " + errors());
            }
            return process.exitValue();
        } catch (InterruptedException exception) {
            Thread.currentThread().interrupt();
            throw new AssertionError(exception);
        }
    }

    /** SIGKILL: nothing of it gets to say goodbye. */
    void kill() {
        process.destroyForcibly();
        exitCode(Duration.ofSeconds(10));
    }

    /** SIGINT, as Ctrl-C sends it. */
    void interrupt() throws IOException {
        new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start();
    }

    boolean isRunning() {
        return process.isAlive();
    }

    String output() {
        return read(output);
    }

    String errors() {
        return read(errors);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException exception) {
            throw new UncheckedIOException(exception);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
