package io.sightmill.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeviceLeasesTest {

    private static final List<String> DEVICES = List.of("0", "1");

    @TempDir private Path directory;

    /** Holds a device in a process of its own until it is killed. */
    public static final class Other {

        public static void main(String[] arguments) throws IOException {
            DeviceLeases.in(Path.of(arguments[0])).acquire("other", List.of("0"));
            System.out.println("held");
            System.in.read();
        }
    }

    @Test
    void theTasksOfASlotHaveOneDeviceAndOtherSlotsAnother() {
        DeviceLeases leases = DeviceLeases.in(directory);
        try (DeviceLeases.Lease live = leases.acquire("a", DEVICES);
                DeviceLeases.Lease bulk = leases.acquire("a", DEVICES);
                DeviceLeases.Lease other = leases.acquire("b", DEVICES)) {
            assertThat(List.of(live.device(), bulk.device(), other.device()))
                    .containsExactly("0", "0", "1");
        }
    }

    @Test
    void aDeviceIsFreeWhenTheLastOfItsSlotHasLeft() {
        DeviceLeases leases = DeviceLeases.in(directory);
        DeviceLeases.Lease live = leases.acquire("a", DEVICES);
        DeviceLeases.Lease bulk = leases.acquire("a", DEVICES);

        live.close();
        live.close();
        try (DeviceLeases.Lease meanwhile = leases.acquire("b", DEVICES)) {
            assertThat(meanwhile.device()).isEqualTo("1");
        }
        bulk.close();
        try (DeviceLeases.Lease afterwards = leases.acquire("b", DEVICES)) {
            assertThat(afterwards.device()).isEqualTo("0");
        }
    }

    @Test
    void whenNoneIsFreeTheMessageSaysWhoHasThem() {
        DeviceLeases leases = DeviceLeases.in(directory);
        try (DeviceLeases.Lease first = leases.acquire("a", DEVICES);
                DeviceLeases.Lease second = leases.acquire("b", DEVICES)) {
            assertThat(first.device()).isNotEqualTo(second.device());
            assertThatThrownBy(() -> leases.acquire("c", DEVICES))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("slot a")
                    .hasMessageContaining("slot b")
                    .hasMessageContaining("process " + ProcessHandle.current().pid())
                    .hasMessageContaining("as many slots as it has GPUs");
        }
    }

    @Test
    void anotherProcessHoldsItsDeviceUntilItDies() throws Exception {
        Process other =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Other.class.getName(),
                                directory.toString())
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        DeviceLeases leases = DeviceLeases.in(directory);
        try {
            assertThat(other.inputReader().readLine()).isEqualTo("held");
            try (DeviceLeases.Lease lease = leases.acquire("a", DEVICES)) {
                assertThat(lease.device()).isEqualTo("1");
            }
        } finally {
            other.destroyForcibly().waitFor();
        }
        try (DeviceLeases.Lease lease = leases.acquire("a", DEVICES)) {
            assertThat(lease.device()).isEqualTo("0");
        }
    }

    @Test
    void aDirectoryThatCannotBeUsedIsAnErrorThatNamesTheKey() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "");

        assertThatThrownBy(() -> DeviceLeases.in(file).acquire("a", DEVICES))
                .hasMessageContaining("device-leases");
    }

    @Test
    void anotherUsersLinkIsNotFollowed() throws IOException {
        Path target = Files.writeString(directory.resolve("precious"), "precious");
        Files.createSymbolicLink(directory.resolve("gpu-0.lease"), target);

        assertThatThrownBy(() -> DeviceLeases.in(directory).acquire("a", DEVICES))
                .hasMessageContaining("gpu-0.lease");
        assertThat(target).hasContent("precious");
    }
}
