package io.sightmill.flink;

import io.sightmill.engine.Device;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.common.externalresource.ExternalResourceInfo;

/** Reads which GPUs Flink assigned to a task (external resource, property "index"). */
final class DeviceSelection {

    private static final String INDEX = "index";

    private DeviceSelection() {}

    /** The indices of the devices that Flink assigned, lowest first as numbers. */
    static List<String> indices(Collection<ExternalResourceInfo> assigned) {
        return assigned.stream()
                .map(info -> info.getProperty(INDEX))
                .flatMap(Optional::stream)
                .map(String::trim)
                .distinct()
                .sorted(
                        Comparator.comparing(String::length)
                                .thenComparing(Comparator.naturalOrder()))
                .toList();
    }

    /**
     * The device with an index, as this process counts.
     *
     * @param visibleDevices CUDA_VISIBLE_DEVICES of this process, or null: the driver counts only
     *     the devices listed there, in that order
     * @throws IllegalStateException if this process cannot see the device
     */
    static Device gpu(String index, String visibleDevices) {
        return new Device(Device.Kind.GPU, ordinal(index, visibleDevices));
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
