package io.sightmill.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightmill.engine.Device;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.common.externalresource.ExternalResourceInfo;
import org.junit.jupiter.api.Test;

class DeviceSelectionTest {

    private static final Device SECOND_GPU = new Device(Device.Kind.GPU, 1);

    @Test
    void whatFlinkAssignsGoesBeforeConfiguration() {
        assertThat(DeviceSelection.select(List.of(gpu("3")), SECOND_GPU, null))
                .isEqualTo(new Device(Device.Kind.GPU, 3));
    }

    @Test
    void withoutAnAssignmentTheConfiguredDeviceIsTaken() {
        assertThat(DeviceSelection.select(List.of(), SECOND_GPU, null)).isEqualTo(SECOND_GPU);
    }

    @Test
    void withoutEitherItIsTheCpu() {
        assertThat(DeviceSelection.select(List.of(), null, null)).isEqualTo(Device.cpu());
    }

    @Test
    void ofSeveralAssignedDevicesTheLowestIsTakenAsANumber() {
        assertThat(DeviceSelection.select(List.of(gpu("10"), gpu("9")), null, null))
                .isEqualTo(new Device(Device.Kind.GPU, 9));
    }

    @Test
    void theDriverCountsVisibleDevicesOnly() {
        assertThat(DeviceSelection.select(List.of(gpu("1")), null, "1"))
                .isEqualTo(new Device(Device.Kind.GPU, 0));
        assertThat(DeviceSelection.select(List.of(gpu("5")), null, "2, 5")).isEqualTo(SECOND_GPU);
    }

    @Test
    void anAssignedDeviceThatThisProcessCannotSeeIsAnError() {
        assertThatThrownBy(() -> DeviceSelection.select(List.of(gpu("1")), null, "0"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("CUDA_VISIBLE_DEVICES is 0");
    }

    @Test
    void anIndexThatIsNoNumberIsAnError() {
        assertThatThrownBy(() -> DeviceSelection.select(List.of(gpu("first")), null, null))
                .hasMessageContaining("'first'")
                .hasMessageContaining("discovery script");
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
