package io.sightmill.broker;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.common.Uuid;

/**
 * What a broker keeps between runs besides its logs, so that those who knew its address find it
 * again after a restart.
 *
 * @param clusterId Kafka's name for the cluster, chosen once
 * @param brokerPort where clients connect
 * @param controllerPort where the broker reaches its own controller
 */
record BrokerIdentity(String clusterId, int brokerPort, int controllerPort) {

    private static final String CLUSTER_ID = "cluster.id";
    private static final String BROKER_PORT = "broker.port";
    private static final String CONTROLLER_PORT = "controller.port";

    /**
     * The identity kept in the file, or a new one; ports that others took meanwhile are replaced.
     */
    static BrokerIdentity of(Path file) throws IOException {
        BrokerIdentity kept = Files.exists(file) ? read(file) : create();
        BrokerIdentity usable = kept.withFreePorts();
        if (!usable.equals(kept) || !Files.exists(file)) {
            usable.write(file);
        }
        return usable;
    }

    /** The identity kept in the file, as it is. */
    static Optional<BrokerIdentity> kept(Path file) throws IOException {
        return Files.exists(file) ? Optional.of(read(file)) : Optional.empty();
    }

    private static BrokerIdentity create() {
        int brokerPort = FreePorts.choose(0);
        return new BrokerIdentity(
                Uuid.randomUuid().toString(), brokerPort, FreePorts.choose(brokerPort));
    }

    /**
     * Either port can change freely: both are configuration, and a static quorum of one voter knows
     * the voter by its id and not by its address.
     */
    private BrokerIdentity withFreePorts() {
        int broker = FreePorts.isFree(brokerPort) ? brokerPort : FreePorts.choose(controllerPort);
        int controller =
                FreePorts.isFree(controllerPort) && controllerPort != broker
                        ? controllerPort
                        : FreePorts.choose(broker);
        return new BrokerIdentity(clusterId, broker, controller);
    }

    private static BrokerIdentity read(Path file) throws IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        } catch (IllegalArgumentException malformed) {
            throw broken(file, "it is no properties file");
        }
        String clusterId = properties.getProperty(CLUSTER_ID);
        if (clusterId == null || clusterId.isBlank()) {
            throw broken(file, CLUSTER_ID + " is missing");
        }
        return new BrokerIdentity(
                clusterId,
                port(file, properties, BROKER_PORT),
                port(file, properties, CONTROLLER_PORT));
    }

    private static int port(Path file, Properties properties, String key) {
        String value = properties.getProperty(key, "");
        try {
            int port = Integer.parseInt(value.trim());
            if (port >= 1 && port <= 65_535) {
                return port;
            }
        } catch (NumberFormatException ignored) {
            // Falls through to the one message for every kind of wrong value.
        }
        throw broken(file, key + " is '" + value + "' and must be a port between 1 and 65535");
    }

    private static BrokerStartException broken(Path file, String why) {
        return new BrokerStartException(
                "cannot read "
                        + file
                        + ": "
                        + why
                        + "; correct the file, or delete the data directory to start empty");
    }

    /** A crash leaves the old file or the new one, never half of it. */
    private void write(Path file) throws IOException {
        Properties properties = new Properties();
        properties.setProperty(CLUSTER_ID, clusterId);
        properties.setProperty(BROKER_PORT, Integer.toString(brokerPort));
        properties.setProperty(CONTROLLER_PORT, Integer.toString(controllerPort));
        Path unfinished = file.resolveSibling(file.getFileName() + ".new");
        try (Writer writer = Files.newBufferedWriter(unfinished)) {
            properties.store(writer, "The embedded broker's identity");
        }
        Files.move(
                unfinished,
                file,
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }
}
