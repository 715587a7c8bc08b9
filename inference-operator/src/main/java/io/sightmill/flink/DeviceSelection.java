package io.sightmill.flink;

import io.sightmill.engine.Device;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.common.externalresource.ExternalResourceInfo;

/**
 * Which device a task runs on: the one Flink assigned (external resource, property "index"), else
 * the configured one, else the CPU.
 */
final class DeviceSelection {

    private static final String INDEX = "index";

    private DeviceSelection() {}

    /**
     * @param assigned what Flink assigned to this task; empty without external resources
     * @param configured the device option, or null for automatic
     * @param visibleDevices CUDA_VISIBLE_DEVICES of this process, or null: the driver counts only
     *     the devices listed there, in that order
     * @throws IllegalStateException if Flink assigned a device that this process cannot see
     */
    static Device select(
            Collection<ExternalResourceInfo> assigned, Device configured, String visibleDevices) {
        return assigned.stream()
                .map(info -> info.getProperty(INDEX))
                .flatMap(Optional::stream)
                .map(String::trim)
                .min(Comparator.comparing(String::length).thenComparing(Comparator.naturalOrder()))
                .map(index -> new Device(Device.Kind.GPU, ordinal(index, visibleDevices)))
                .orElse(configured == null ? Device.cpu() : configured);
    }

    private static int ordinal(String index, String visibleDevices) {
        if (visibleDevices == null || visibleDevices.isBlank()) {
            return parse(index);
        }
        List<String> visible = Arrays.stream(visibleDevices.split(",")).map(String::trim).toList();
        int ordinal = visible.indexOf(index);
        if (ordinal < 0) {
            throw new IllegalStateException(
                    "Flink assigned GPU %s, but CUDA_VISIBLE_DEVICES is %s; list it there or fix the"
                                    .formatted(index, visibleDevices)
                            + " discovery script");
        }
        return ordinal;
    }

    private static int parse(String index) {
        try {
            return Integer.parseInt(index);
        } catch (NumberFormatException exception) {
            throw new IllegalStateException(
                    "Flink assigned a GPU with index '"
                            + index
                            + "', which is no number; fix the discovery script",
                    exception);
        }
    }
}
