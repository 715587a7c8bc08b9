package io.sightmill.llava;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Locale;

/** Whether a model can fit this machine at all, told before any of it is allocated. */
final class MachineMemory {

    private MachineMemory() {}

    /** The machine's, or its container's. */
    static long bytes() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class)
                .getTotalMemorySize();
    }

    /**
     * Complains if the weights take more than there is.
     *
     * @param needed bytes of weights in the precision
     */
    static void check(
            Path config, long needed, Precision precision, long available, Complaints complaints) {
        if (needed > available) {
            complaints.add(
                    "%s asks for %s of weights in %s, and this machine has %s; take a machine with more, or a smaller precision or model",
                    config, readable(needed), precision, readable(available));
        }
    }

    private static String readable(long bytes) {
        return bytes < 1L << 30
                ? String.format(Locale.ROOT, "%.1f MiB", bytes / (double) (1 << 20))
                : String.format(Locale.ROOT, "%.1f GiB", bytes / (double) (1 << 30));
    }
}
