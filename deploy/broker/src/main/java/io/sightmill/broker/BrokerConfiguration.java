package io.sightmill.broker;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;

/** The broker's settings under Kafka's names: one node that is broker and controller at once. */
final class BrokerConfiguration {

    static final int NODE_ID = 1;

    static final String CONTROLLER_LISTENER = "CONTROLLER";

    private static final Duration MAX_TRANSACTION_TIMEOUT = Duration.ofDays(7);

    private final Properties properties = new Properties();

    private BrokerConfiguration() {}

    static Properties of(BrokerOptions options, BrokerIdentity identity, Path logDirectory) {
        BrokerConfiguration configuration = new BrokerConfiguration();
        configuration.set("log.dirs", logDirectory);
        configuration.oneNode(identity);
        configuration.quickStart();
        configuration.internalTopics();
        configuration.sizes(options);
        configuration.smallMachine();
        return configuration.properties;
    }

    private void oneNode(BrokerIdentity identity) {
        String host = FreePorts.LOOPBACK.getHostAddress() + ":";
        String broker = "PLAINTEXT://" + host + identity.brokerPort();
        String controller = CONTROLLER_LISTENER + "://" + host + identity.controllerPort();
        set("process.roles", "broker,controller");
        set("node.id", NODE_ID);
        set("listeners", broker + "," + controller);
        set("advertised.listeners", broker);
        set("controller.listener.names", CONTROLLER_LISTENER);
        set("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        set("controller.quorum.voters", NODE_ID + "@" + host + identity.controllerPort());
        set("auto.create.topics.enable", false);
    }

    /**
     * After a kill the controller still believes in the broker's earlier life and turns the new one
     * away until the session lapses; the default of nine seconds is far too long to wait.
     */
    private void quickStart() {
        set("broker.session.timeout.ms", 1_000);
        set("broker.heartbeat.interval.ms", 200);
        set("group.initial.rebalance.delay.ms", 0);
    }

    private void internalTopics() {
        set("default.replication.factor", 1);
        set("min.insync.replicas", 1);
        set("offsets.topic.replication.factor", 1);
        set("offsets.topic.num.partitions", 4);
        set("transaction.state.log.replication.factor", 1);
        set("transaction.state.log.min.isr", 1);
        set("transaction.state.log.num.partitions", 4);
        // What a killed job had prepared and not committed must still be there when it is started
        // again, be that after a weekend.
        set("transaction.max.timeout.ms", MAX_TRANSACTION_TIMEOUT.toMillis());
        set("share.coordinator.state.topic.replication.factor", 1);
        set("share.coordinator.state.topic.min.isr", 1);
        set("share.coordinator.state.topic.num.partitions", 4);
    }

    private void sizes(BrokerOptions options) {
        boolean forever = options.retention().equals(BrokerOptions.FOREVER);
        set("log.retention.ms", forever ? -1 : options.retention().toMillis());
        set("log.retention.bytes", -1);
        set("message.max.bytes", options.maxMessageBytes());
        set("replica.fetch.max.bytes", options.maxMessageBytes());
        set("replica.fetch.response.max.bytes", options.maxMessageBytes());
        // A request holds a batch and its framing.
        set("socket.request.max.bytes", options.maxMessageBytes() + (1 << 20));
    }

    /**
     * The broker shares the machine with the model: few threads, and no 128 MiB to compact with.
     */
    private void smallMachine() {
        set("num.network.threads", 2);
        set("num.io.threads", 4);
        set("log.cleaner.dedupe.buffer.size", 8 << 20);
    }

    private void set(String key, Object value) {
        properties.setProperty(key, value.toString());
    }
}
