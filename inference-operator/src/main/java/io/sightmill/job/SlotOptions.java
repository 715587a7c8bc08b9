package io.sightmill.job;

import io.sightmill.flink.ConfigurationReader;
import java.util.Objects;
import java.util.Set;
import org.apache.flink.api.common.operators.SlotSharingGroup;
import org.apache.flink.configuration.MemorySize;

/**
 * What a slot of the job holds, for Flink's fine-grained resource management. Without GPUs a slot
 * is whatever the TaskManager cuts, and the rest is not looked at.
 *
 * @param group name of the slot sharing group of every operator (key slot-sharing-group): both
 *     lanes must share a slot to share its device
 * @param gpus how many GPUs a slot needs (key slot-gpus); 0 for none
 * @param gpuResource name of Flink's external resource that lists them (key gpu-resource)
 * @param cpuCores (key slot-cpu-cores)
 * @param heap (key slot-heap-memory)
 * @param offHeap direct and native memory that Flink is to reckon with (key slot-off-heap-memory)
 */
public record SlotOptions(
        String group,
        int gpus,
        String gpuResource,
        double cpuCores,
        MemorySize heap,
        MemorySize offHeap) {

    public static final String DEFAULT_GROUP = "default";

    /** The group's name where slots have GPUs and none is given. */
    public static final String GPU_GROUP = "gpu";

    static final Set<String> KEYS =
            Set.of(
                    "slot-sharing-group",
                    "slot-gpus",
                    "slot-cpu-cores",
                    "slot-heap-memory",
                    "slot-off-heap-memory");

    private static final int MOST_GPUS = 64;
    private static final String MEMORY = "a size, for example 512m";

    public SlotOptions {
        require(!group.isBlank(), "slot-sharing-group", "blank", "a name");
        require(gpus >= 0 && gpus <= MOST_GPUS, "slot-gpus", gpus, "0 to " + MOST_GPUS);
        Objects.requireNonNull(gpuResource, "gpuResource");
        require(
                cpuCores > 0 && Double.isFinite(cpuCores),
                "slot-cpu-cores",
                cpuCores,
                "a number above 0");
        require(heap.getBytes() > 0, "slot-heap-memory", heap, "above 0");
        Objects.requireNonNull(offHeap, "offHeap");
    }

    static SlotOptions from(ConfigurationReader reader) {
        int gpus = reader.integer("slot-gpus", 0);
        return new SlotOptions(
                reader.text("slot-sharing-group", gpus > 0 ? GPU_GROUP : DEFAULT_GROUP),
                gpus,
                reader.text("gpu-resource", "gpu"),
                reader.value("slot-cpu-cores", 1.0, Double::valueOf, "a number above 0"),
                reader.value(
                        "slot-heap-memory", MemorySize.ofMebiBytes(512), MemorySize::parse, MEMORY),
                reader.value("slot-off-heap-memory", MemorySize.ZERO, MemorySize::parse, MEMORY));
    }

    /** The group as Flink wants it; named only, where slots have no GPU. */
    SlotSharingGroup slotSharingGroup() {
        if (gpus == 0) {
            return SlotSharingGroup.newBuilder(group).build();
        }
        return SlotSharingGroup.newBuilder(group)
                .setCpuCores(cpuCores)
                .setTaskHeapMemory(heap)
                .setTaskOffHeapMemory(offHeap)
                .setManagedMemory(MemorySize.ZERO)
                .setExternalResource(gpuResource, gpus)
                .build();
    }

    private static void require(boolean holds, String key, Object value, String bound) {
        if (!holds) {
            throw new IllegalArgumentException(key + " is " + value + " and must be " + bound);
        }
    }
}
