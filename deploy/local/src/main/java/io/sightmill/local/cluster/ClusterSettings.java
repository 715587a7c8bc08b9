package io.sightmill.local.cluster;

import io.sightmill.broker.FreePorts;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Flink's configuration for a cluster on this machine: the loopback address, ports of its own,
 * small memory, and a machine's loss noticed within seconds.
 */
final class ClusterSettings {

    private static final String LOOPBACK = "127.0.0.1";

    private final Map<String, String> common = new HashMap<>();

    ClusterSettings(Path directory, Map<String, String> more) {
        addresses();
        failures();
        storage(directory);
        common.putAll(more);
    }

    int restPort() {
        return Integer.parseInt(common.get("rest.port"));
    }

    Map<String, String> jobManager() {
        Map<String, String> settings = new HashMap<>(common);
        settings.putIfAbsent("jobmanager.memory.heap.size", "192m");
        settings.putIfAbsent("jobmanager.memory.off-heap.size", "64m");
        settings.putIfAbsent("jobmanager.memory.jvm-metaspace.size", "160m");
        settings.putIfAbsent("jobmanager.memory.jvm-overhead.min", "64m");
        return settings;
    }

    /**
     * @param name becomes its resource id: a new life takes the place of the old one at once
     * @param own settings of this TaskManager alone
     */
    Map<String, String> taskManager(String name, Map<String, String> own) {
        Map<String, String> settings = new HashMap<>(common);
        settings.put("taskmanager.resource-id", name);
        settings.put("taskmanager.host", LOOPBACK);
        settings.put("taskmanager.bind-host", LOOPBACK);
        settings.put("taskmanager.rpc.port", "0");
        settings.putIfAbsent("taskmanager.numberOfTaskSlots", "1");
        settings.putIfAbsent("taskmanager.memory.process.size", "1g");
        settings.putIfAbsent("taskmanager.memory.jvm-metaspace.size", "192m");
        settings.putIfAbsent("taskmanager.memory.jvm-overhead.min", "64m");
        settings.putIfAbsent("taskmanager.memory.managed.size", "0");
        settings.putIfAbsent("taskmanager.memory.network.min", "32m");
        settings.putIfAbsent("taskmanager.memory.network.max", "32m");
        settings.putAll(own);
        return settings;
    }

    private void addresses() {
        int rest = FreePorts.choose();
        common.put("jobmanager.rpc.address", LOOPBACK);
        common.put("jobmanager.rpc.port", Integer.toString(FreePorts.choose()));
        common.put("jobmanager.bind-host", LOOPBACK);
        common.put("rest.address", LOOPBACK);
        common.put("rest.bind-address", LOOPBACK);
        common.put("rest.port", Integer.toString(rest));
        common.put("rest.bind-port", Integer.toString(rest));
        common.put("web.submit.enable", "false");
    }

    private void failures() {
        common.put("heartbeat.interval", "1s");
        common.put("heartbeat.timeout", "8s");
        common.put("cluster.registration.error-delay", "1s");
        common.put("cluster.registration.refused-registration-delay", "1s");
        common.put("cluster.registration.max-timeout", "2s");
        common.put("restart-strategy.type", "fixed-delay");
        common.put("restart-strategy.fixed-delay.attempts", "1000000");
        common.put("restart-strategy.fixed-delay.delay", "500ms");
    }

    private void storage(Path directory) {
        common.put("execution.checkpointing.storage", "filesystem");
        common.put(
                "execution.checkpointing.dir", directory.resolve("checkpoints").toUri().toString());
        common.put("io.tmp.dirs", directory.resolve("temporary").toString());
    }
}
