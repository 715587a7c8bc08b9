package io.sightmill.flink.quarantine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CrashLogsTest {

    private static final String LOG =
            """
            #
            # A fatal error has been detected by the Java Runtime Environment:
            #
            #  SIGSEGV (0xb) at pc=0x00007f0c2a1b6f2e, pid=4711, tid=4712
            #
            # JRE version: OpenJDK Runtime Environment (17.0.12+7) (build 17.0.12+7)
            # Problematic frame:
            # C  [libtorch_cpu.so+0x10b6f2e]  at::native::gather+0x1e
            #
            """;

    @TempDir private Path directory;

    @Test
    void aCrashIsTheProcessItsTimeAndWhatItWasIn() throws IOException {
        Files.writeString(directory.resolve("crash-4711.log"), LOG);

        List<Crash> crashes = new CrashLogs(directory.resolve("crash-%p.log").toString()).recent();

        assertThat(crashes).hasSize(1);
        Crash crash = crashes.get(0);
        assertThat(crash.process()).isEqualTo(4711);
        assertThat(Instant.ofEpochMilli(crash.at())).isBetween(ago(1), Instant.now());
        assertThat(crash.cause())
                .isEqualTo(
                        "its process crashed: SIGSEGV (0xb) in C  [libtorch_cpu.so+0x10b6f2e]  at::native::gather+0x1e");
    }

    @Test
    void oldLogsAndOtherFilesAreNoCrashesOfToday() throws IOException {
        Path old = Files.writeString(directory.resolve("crash-1.log"), LOG);
        Files.setLastModifiedTime(old, FileTime.from(ago(120)));
        Files.writeString(directory.resolve("crash-abc.log"), LOG);
        Files.writeString(directory.resolve("other-1.log"), LOG);
        Files.createDirectory(directory.resolve("crash-2.log"));

        assertThat(new CrashLogs(directory.resolve("crash-%p.log").toString()).recent()).isEmpty();
    }

    @Test
    void oneThatCannotBeUnderstoodIsNamed() throws IOException {
        Path log = Files.writeString(directory.resolve("crash-3.log"), "no idea");

        assertThat(new CrashLogs(directory.resolve("crash-%p.log").toString()).recent())
                .extracting(Crash::cause)
                .containsExactly("its process crashed: see " + log);
    }

    @Test
    void aDirectoryThatIsNotThereHoldsNone() {
        assertThat(new CrashLogs(directory.resolve("none/crash-%p.log").toString()).recent())
                .isEmpty();
    }

    private static Instant ago(int minutes) {
        return Instant.now().minus(Duration.ofMinutes(minutes));
    }
}
