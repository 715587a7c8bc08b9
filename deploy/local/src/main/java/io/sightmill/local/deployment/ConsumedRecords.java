package io.sightmill.local.deployment;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes from the topics that hold images what their one reader is done with, so that a laptop's
 * disk holds an archive once and not three times. A reader commits an offset only when what lies
 * before it is in its checkpoint or in its output, so nothing that could be read again is lost.
 */
final class ConsumedRecords implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ConsumedRecords.class);
    private static final Duration INTERVAL = Duration.ofSeconds(30);

    private final Admin admin;
    private final Map<String, String> readers;
    private final ScheduledExecutorService schedule =
            Executors.newSingleThreadScheduledExecutor(
                    task -> new Thread(task, "sightmill-consumed-records"));

    /**
     * @param readers topic to the consumer group that is its only reader
     */
    ConsumedRecords(String bootstrapServers, Map<String, String> readers) {
        this.admin =
                Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers));
        this.readers = Map.copyOf(readers);
    }

    /** Deletes from now on until closed. */
    void deleteRegularly() {
        schedule.scheduleWithFixedDelay(
                this::deleteOrLog, 0, INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void deleteOrLog() {
        try {
            delete();
        } catch (ExecutionException | RuntimeException exception) {
            LOG.warn("cannot delete consumed records now; trying again", exception);
        } catch (InterruptedException exception) {
            Thread.currentThread().interrupt();
        }
    }

    /** Deletes once what is consumed by now. */
    void delete() throws ExecutionException, InterruptedException {
        Map<TopicPartition, RecordsToDelete> consumed = new HashMap<>();
        for (Map.Entry<String, String> reader : readers.entrySet()) {
            Map<TopicPartition, OffsetAndMetadata> committed =
                    admin.listConsumerGroupOffsets(reader.getValue())
                            .partitionsToOffsetAndMetadata()
                            .get();
            committed.forEach(
                    (partition, offset) -> {
                        if (partition.topic().equals(reader.getKey()) && offset != null) {
                            consumed.put(partition, RecordsToDelete.beforeOffset(offset.offset()));
                        }
                    });
        }
        admin.deleteRecords(consumed).all().get();
    }

    @Override
    public void close() {
        schedule.shutdownNow();
        admin.close(Duration.ofSeconds(5));
    }
}
