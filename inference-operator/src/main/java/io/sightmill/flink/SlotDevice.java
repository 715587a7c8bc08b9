package io.sightmill.flink;

import io.sightmill.engine.Device;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.apache.flink.api.common.functions.RuntimeContext;

/**
 * The device of a task for as long as the task lives. Where Flink assigned one, that is it; of
 * several, the one that the task's slot leases; else the configured one, or the CPU.
 */
final class SlotDevice implements AutoCloseable {

    private final Device device;
    private final Runnable giveBack;

    private SlotDevice(Device device, Runnable giveBack) {
        this.device = device;
        this.giveBack = giveBack;
    }

    /** The device of a task; both lanes of a slot have the slot's. */
    static SlotDevice of(RuntimeContext task, OperatorOptions options) {
        String slot = task.getTaskInfo().getAllocationIDAsString();
        return of(
                DeviceSelection.indices(task.getExternalResourceInfos(options.gpuResource())),
                options.device(),
                System.getenv("CUDA_VISIBLE_DEVICES"),
                devices -> DeviceLeases.in(Path.of(options.deviceLeases())).acquire(slot, devices));
    }

    /**
     * @param assigned indices of the devices that Flink assigned, see {@link DeviceSelection}
     * @param configured the device option, or null for automatic
     * @param visibleDevices CUDA_VISIBLE_DEVICES of this process, or null
     * @param leasing takes one of several for the task's slot
     * @throws IllegalStateException if Flink assigned what this process cannot see, or all is taken
     */
    static SlotDevice of(
            List<String> assigned,
            Device configured,
            String visibleDevices,
            Function<List<String>, DeviceLeases.Lease> leasing) {
        if (assigned.isEmpty()) {
            return new SlotDevice(configured == null ? Device.cpu() : configured, () -> {});
        }
        if (assigned.size() == 1) {
            return new SlotDevice(DeviceSelection.gpu(assigned.get(0), visibleDevices), () -> {});
        }
        DeviceLeases.Lease lease = leasing.apply(assigned);
        try {
            return new SlotDevice(
                    DeviceSelection.gpu(lease.device(), visibleDevices), lease::close);
        } catch (IllegalStateException notVisible) {
            lease.close();
            throw notVisible;
        }
    }

    Device device() {
        return device;
    }

    @Override
    public void close() {
        giveBack.run();
    }
}
