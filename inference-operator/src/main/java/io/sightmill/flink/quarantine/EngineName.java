package io.sightmill.flink.quarantine;

import java.io.Serializable;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * An engine among all of a cluster: its process and its device. What runs on one fails together.
 *
 * @param started when the process began, milliseconds of the epoch; in containers every process has
 *     the same number
 * @param device a name within the process
 */
public record EngineName(String host, long process, long started, String device)
        implements Serializable {

    private static final long serialVersionUID = 1L;

    /** The engine of this process on a device. */
    public static EngineName here(String device) {
        return new EngineName(
                thisHost(),
                ProcessHandle.current().pid(),
                ManagementFactory.getRuntimeMXBean().getStartTime(),
                device);
    }

    static String thisHost() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException exception) {
            return "unknown";
        }
    }
}
