package io.sightmill.broker.testing;

import org.testcontainers.kafka.KafkaContainer;

/** Kafka in a container, with the embedded broker's settings where tests depend on them. */
record ContainerKafka(KafkaContainer container) implements RunningKafka {

    private static final String MAX_MESSAGE_BYTES = Integer.toString(64 << 20);

    @SuppressWarnings("resource") // Closed with the record.
    static ContainerKafka start() {
        KafkaContainer container =
                new KafkaContainer("apache/kafka:4.2.1")
                        .withEnv("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false")
                        .withEnv("KAFKA_MESSAGE_MAX_BYTES", MAX_MESSAGE_BYTES)
                        .withEnv("KAFKA_REPLICA_FETCH_MAX_BYTES", MAX_MESSAGE_BYTES)
                        .withEnv("KAFKA_TRANSACTION_MAX_TIMEOUT_MS", "604800000")
                        .withEnv("KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS", "0")
                        .withEnv("KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR", "1")
                        .withEnv("KAFKA_TRANSACTION_STATE_LOG_MIN_ISR", "1");
        container.start();
        return new ContainerKafka(container);
    }

    @Override
    public String bootstrapServers() {
        return container.getBootstrapServers();
    }

    @Override
    public void close() {
        container.close();
    }
}
