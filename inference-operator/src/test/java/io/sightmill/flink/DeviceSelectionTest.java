package io.sightmill.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightmill.engine.Device;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.common.externalresource.ExternalResourceInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeviceSelectionTest {

    private static final Device SECOND_GPU = new Device(Device.Kind.GPU, 1);

    @TempDir private Path directory;

    @Test
    void whatFlinkAssignsGoesBeforeConfiguration() throws Exception {
        assertThat(device(List.of(gpu("3")), SECOND_GPU, null))
                .isEqualTo(new Device(Device.Kind.GPU, 3));
    }

    @Test
    void withoutAnAssignmentTheConfiguredDeviceIsTaken() throws Exception {
        assertThat(device(List.of(), SECOND_GPU, null)).isEqualTo(SECOND_GPU);
    }

    @Test
    void withoutEitherItIsTheCpu() throws Exception {
        assertThat(device(List.of(), null, null)).isEqualTo(Device.cpu());
    }

    @Test
    void severalAssignedDevicesAreOrderedAsNumbers() {
        assertThat(DeviceSelection.indices(List.of(gpu("10"), gpu("9"), gpu("9"))))
                .containsExactly("9", "10");
    }

    @Test
    void ofSeveralAssignedDevicesTheFirstIsLeasedAndGivenBack() throws Exception {
        try (SlotDevice first = select(List.of(gpu("10"), gpu("9")), null, null, "slot-1");
                SlotDevice second = select(List.of(gpu("10"), gpu("9")), null, null, "slot-2")) {
            assertThat(first.device()).isEqualTo(new Device(Device.Kind.GPU, 9));
            assertThat(second.device()).isEqualTo(new Device(Device.Kind.GPU, 10));
        }
        try (SlotDevice third = select(List.of(gpu("10"), gpu("9")), null, null, "slot-3")) {
            assertThat(third.device()).isEqualTo(new Device(Device.Kind.GPU, 9));
        }
    }

    @Test
    void theOnlyAssignedDeviceNeedsNoLease() throws Exception {
        try (SlotDevice device = select(List.of(gpu("1")), null, null, "slot")) {
            assertThat(device.device()).isEqualTo(SECOND_GPU);
            assertThat(directory).isEmptyDirectory();
        }
    }

    @Test
    void theDriverCountsVisibleDevicesOnly() throws Exception {
        assertThat(device(List.of(gpu("1")), null, "1")).isEqualTo(new Device(Device.Kind.GPU, 0));
        assertThat(device(List.of(gpu("5")), null, "2, 5")).isEqualTo(SECOND_GPU);
    }

    @Test
    void anAssignedDeviceThatThisProcessCannotSeeIsAnErrorAndKeepsNoLease() throws Exception {
        assertThatThrownBy(() -> device(List.of(gpu("1"), gpu("2")), null, "0"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("CUDA_VISIBLE_DEVICES is 0");
        try (DeviceLeases.Lease lease = DeviceLeases.in(directory).acquire("s", List.of("1"))) {
            assertThat(lease.device()).isEqualTo("1");
        }
    }

    @Test
    void anIndexThatIsNoNumberIsAnError() {
        assertThatThrownBy(() -> device(List.of(gpu("first")), null, null))
                .hasMessageContaining("'first'")
                .hasMessageContaining("discovery script");
    }

    private Device device(List<ExternalResourceInfo> assigned, Device configured, String visible)
            throws Exception {
        try (SlotDevice device = select(assigned, configured, visible, "slot")) {
            return device.device();
        }
    }

    private SlotDevice select(
            List<ExternalResourceInfo> assigned, Device configured, String visible, String slot) {
        return SlotDevice.of(
                DeviceSelection.indices(assigned),
                configured,
                visible,
                devices -> DeviceLeases.in(directory).acquire(slot, devices));
    }

    private static ExternalResourceInfo gpu(String index) {
        return new ExternalResourceInfo() {
            @Override
            public Optional<String> getProperty(String key) {
                return key.equals("index") ? Optional.of(index) : Optional.empty();
            }

            @Override
            public Collection<String> getKeys() {
                return List.of("index");
            }
        };
    }
}
