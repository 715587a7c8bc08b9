package io.sightmill.local.cluster;

import io.sightmill.broker.BrokerOptions;
import io.sightmill.broker.EmbeddedBroker;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The broker as a process: {@code BrokerMain DIRECTORY}. */
public final class BrokerMain {

    /** What the log says when clients are served. */
    static final String READY = "the broker serves ";

    private static final Logger LOG = LoggerFactory.getLogger(BrokerMain.class);

    private BrokerMain() {}

    public static void main(String[] arguments) {
        EmbeddedBroker broker = EmbeddedBroker.start(BrokerOptions.in(Path.of(arguments[0])));
        Runtime.getRuntime().addShutdownHook(new Thread(broker::close, "broker-close"));
        LOG.info("{}{}", READY, broker.bootstrapServers());
    }
}
