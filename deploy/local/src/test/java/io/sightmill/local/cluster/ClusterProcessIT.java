package io.sightmill.local.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterProcessIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir private Path directory;

    /** Says that it is there, and waits for ever. */
    public static final class Waiting {

        public static void main(String[] arguments) throws InterruptedException {
            System.out.println("I am here, " + arguments[0]);
            new CountDownLatch(1).await();
        }
    }

    /** Starts a child, as a test or a command does, and waits for ever. */
    public static final class Parent {

        public static void main(String[] arguments) throws InterruptedException {
            waiting("child", Path.of(arguments[0])).start(PATIENCE);
            new CountDownLatch(1).await();
        }
    }

    @Test
    void eachLifeHasItsOwnLog() {
        try (ClusterProcess process = waiting("child", directory)) {
            process.start(PATIENCE);
            long first = process.pid();
            process.kill();
            assertThat(process.isRunning()).isFalse();

            process.start(PATIENCE);

            assertThat(process.pid()).isNotEqualTo(first);
            assertThat(process.logFile()).hasFileName("child-2.log");
            assertThat(directory.resolve("child-1.log")).content().contains("I am here");
        }
    }

    @Test
    void oneThatEndsInsteadOfGettingReadyIsAnErrorWithItsLog() {
        try (ClusterProcess process = process("child", directory, "no.such.Program")) {
            assertThatThrownBy(() -> process.start(PATIENCE))
                    .isInstanceOf(ProcessEndedException.class)
                    .hasMessageContaining("child ended 1")
                    .hasMessageContaining("ClassNotFoundException: no.such.Program");
        }
    }

    @Test
    void aSuspendedOneStandsStillUntilItIsResumed() throws IOException {
        try (ClusterProcess process = waiting("child", directory).start(PATIENCE)) {
            process.suspend();
            await().atMost(PATIENCE).until(() -> state(process.pid()).equals("T"));

            process.resume();

            await().atMost(PATIENCE).until(() -> !state(process.pid()).equals("T"));
        }
    }

    @Test
    void childrenEndWithAParentThatIsKilled() {
        ClusterProcess parent =
                new ClusterProcess(
                        "parent",
                        () -> program(Parent.class.getName(), directory.toString()),
                        process -> Files.exists(directory.resolve("child-1.log")),
                        directory);
        long child;
        try (parent) {
            parent.start(PATIENCE);
            child =
                    await().atMost(PATIENCE)
                            .until(() -> childOf(parent.pid()), Optional::isPresent)
                            .orElseThrow();
            await().atMost(PATIENCE)
                    .until(() -> Files.readString(directory.resolve("child-1.log")).contains("I"));
        }

        await().atMost(PATIENCE).until(() -> ProcessHandle.of(child).isEmpty());
    }

    private static Optional<Long> childOf(long parent) {
        return ProcessHandle.of(parent).stream()
                .flatMap(ProcessHandle::children)
                .map(ProcessHandle::pid)
                .findFirst();
    }

    /** The third field of /proc/PID/stat, see proc(5). */
    private static String state(long pid) throws IOException {
        return Files.readString(Path.of("/proc/" + pid + "/stat"))
                .replaceFirst(".*\\) ", "")
                .substring(0, 1);
    }

    private static ClusterProcess waiting(String name, Path directory) {
        return process(name, directory, Waiting.class.getName());
    }

    private static ClusterProcess process(String name, Path directory, String mainClass) {
        return new ClusterProcess(
                name,
                () -> program(mainClass, name),
                process -> process.log().contains("I am here"),
                directory);
    }

    private static JavaProgram program(String mainClass, String argument) {
        return new JavaProgram(
                mainClass,
                ClassPaths.all(),
                List.of("-Xmx64m", "-XX:TieredStopAtLevel=1"),
                Map.of(),
                List.of(argument));
    }
}
