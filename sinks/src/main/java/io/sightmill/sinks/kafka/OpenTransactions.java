package io.sightmill.sinks.kafka;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;

/**
 * Finds the transactions that a job which was thrown away left open, and aborts them: else readers
 * of committed records wait until they time out. A job that is started again, from a checkpoint or
 * without one, does the same for its own names.
 */
public final class OpenTransactions implements AutoCloseable {

    /** Begun and not decided; one that is decided ends by itself within moments. */
    private static final Set<TransactionState> OPEN = Set.of(TransactionState.ONGOING);

    private final Admin admin;

    private OpenTransactions(Admin admin) {
        this.admin = admin;
    }

    /**
     * @param patience how long a call may take
     */
    public static OpenTransactions on(String bootstrapServers, Duration patience) {
        return on(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers), patience);
    }

    /**
     * @param properties of the client, under Kafka's names
     * @param patience how long a call may take
     */
    static OpenTransactions on(Map<String, Object> properties, Duration patience) {
        int millis = Math.toIntExact(patience.toMillis());
        Map<String, Object> all = new HashMap<>(properties);
        all.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, millis);
        all.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, millis);
        return new OpenTransactions(Admin.create(all));
    }

    /**
     * Those whose id begins with the prefix, the oldest first.
     *
     * @throws KafkaException if the brokers do not answer or do not allow it
     */
    public List<OpenTransaction> list(String prefix) {
        return list(id -> id.startsWith(prefix));
    }

    /** Those whose transactional ids are asked for, as {@link #list(String)}. */
    List<OpenTransaction> list(Predicate<String> transactionalIds) {
        List<String> ids =
                get(admin.listTransactions(new ListTransactionsOptions().filterStates(OPEN)).all())
                        .stream()
                        .map(TransactionListing::transactionalId)
                        .filter(transactionalIds)
                        .toList();
        return get(admin.describeTransactions(ids).all()).entrySet().stream()
                .filter(described -> OPEN.contains(described.getValue().state()))
                .map(described -> open(described.getKey(), described.getValue()))
                .sorted(
                        Comparator.comparing(
                                        (OpenTransaction each) -> each.since().orElse(Instant.MAX))
                                .thenComparing(OpenTransaction::transactionalId))
                .toList();
    }

    /**
     * Aborts a transaction by taking its transactional id over: the coordinator writes the markers,
     * and a producer that is alive after all cannot commit what was aborted, but fails.
     *
     * @throws KafkaException if the brokers do not answer or do not allow it
     */
    public void abort(OpenTransaction transaction) {
        get(admin.fenceProducers(List.of(transaction.transactionalId())).all());
    }

    private static OpenTransaction open(String id, TransactionDescription described) {
        Optional<Instant> since =
                described.transactionStartTimeMs().isPresent()
                        ? Optional.of(
                                Instant.ofEpochMilli(
                                        described.transactionStartTimeMs().getAsLong()))
                        : Optional.empty();
        TreeSet<String> partitions = new TreeSet<>();
        described.topicPartitions().forEach(partition -> partitions.add(partition.toString()));
        return new OpenTransaction(
                id,
                described.state(),
                described.producerId(),
                described.producerEpoch(),
                since,
                Duration.ofMillis(described.transactionTimeoutMs()),
                partitions);
    }

    private static <T> T get(KafkaFuture<T> future) {
        try {
            return future.get();
        } catch (ExecutionException exception) {
            throw exception.getCause() instanceof KafkaException cause
                    ? cause
                    : new KafkaException(exception.getCause());
        } catch (InterruptedException exception) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted", exception);
        }
    }

    /** Gives up what another thread still waits for. */
    @Override
    public void close() {
        admin.close(Duration.ZERO);
    }
}
