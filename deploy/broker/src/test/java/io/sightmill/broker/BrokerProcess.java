package io.sightmill.broker;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** An embedded broker in a JVM of its own, so that a test can kill it. */
record BrokerProcess(Process process, String bootstrapServers, Duration startTime)
        implements AutoCloseable {

    /** Starts the broker, reports its address on standard output, and stops it at end of input. */
    public static void main(String[] arguments) throws IOException {
        long begin = System.nanoTime();
        try (EmbeddedBroker broker =
                EmbeddedBroker.start(BrokerOptions.in(Path.of(arguments[0])))) {
            System.out.println(
                    "started " + broker.bootstrapServers() + " " + (System.nanoTime() - begin));
            while (System.in.read() >= 0) {
                continue;
            }
        }
    }

    static BrokerProcess start(Path directory) throws IOException {
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx256m",
                                "-cp",
                                System.getProperty("java.class.path"),
                                BrokerProcess.class.getName(),
                                directory.toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        String[] words = firstLine(process).split(" ");
        return new BrokerProcess(process, words[1], Duration.ofNanos(Long.parseLong(words[2])));
    }

    private static String firstLine(Process process) throws IOException {
        String line =
                new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))
                        .readLine();
        if (line == null) {
            throw new AssertionError("the broker process ended before it had started");
        }
        return line;
    }

    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Returns the exit status of a clean shutdown. */
    int stop() throws IOException, InterruptedException {
        process.getOutputStream().close();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            throw new AssertionError("the broker process does not stop");
        }
        return process.exitValue();
    }

    /** Leaves no process behind, whatever the test found. */
    @Override
    public void close() {
        process.destroyForcibly();
    }
}
