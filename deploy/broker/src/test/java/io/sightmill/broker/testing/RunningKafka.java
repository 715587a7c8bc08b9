package io.sightmill.broker.testing;

/** A Kafka that tests can connect to until it is closed. */
interface RunningKafka extends AutoCloseable {

    String bootstrapServers();

    @Override
    void close();
}
