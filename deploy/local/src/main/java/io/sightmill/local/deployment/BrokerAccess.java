package io.sightmill.local.deployment;

import io.sightmill.broker.BrokerOptions;
import io.sightmill.broker.EmbeddedBroker;
import java.util.Optional;

/**
 * A way to the broker of a data directory: the one that runs there, in whatever process, or else
 * one that runs as long as this is open.
 */
public final class BrokerAccess implements AutoCloseable {

    private final String bootstrapServers;
    private final Optional<EmbeddedBroker> owned;

    private BrokerAccess(String bootstrapServers, Optional<EmbeddedBroker> owned) {
        this.bootstrapServers = bootstrapServers;
        this.owned = owned;
    }

    public static BrokerAccess open(DataDirectory data) {
        Optional<String> running = EmbeddedBroker.runningIn(data.broker());
        if (running.isPresent()) {
            return new BrokerAccess(running.get(), Optional.empty());
        }
        Logs.into(data.log());
        EmbeddedBroker broker = EmbeddedBroker.start(BrokerOptions.in(data.broker()));
        broker.createTopics(LocalTopics.all());
        return new BrokerAccess(broker.bootstrapServers(), Optional.of(broker));
    }

    public String bootstrapServers() {
        return bootstrapServers;
    }

    @Override
    public void close() {
        owned.ifPresent(EmbeddedBroker::close);
    }
}
