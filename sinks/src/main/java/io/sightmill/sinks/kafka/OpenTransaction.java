package io.sightmill.sinks.kafka;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.TransactionState;

/**
 * A transaction that has neither been committed nor aborted: readers of committed records see
 * nothing behind its first record in its partitions.
 *
 * @param transactionalId whose it is; Sightmill's begin with the job's transactional-id-prefix
 * @param producerId of the producer that has the transactionalId now
 * @param since when it began, if the coordinator knows
 * @param timeout when the coordinator aborts it by itself, from its beginning
 * @param partitions that it has written to, as topic-partition
 */
public record OpenTransaction(
        String transactionalId,
        TransactionState state,
        long producerId,
        int producerEpoch,
        Optional<Instant> since,
        Duration timeout,
        SortedSet<String> partitions) {

    public OpenTransaction {
        Objects.requireNonNull(transactionalId, "transactionalId");
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(since, "since");
        Objects.requireNonNull(timeout, "timeout");
        partitions = Collections.unmodifiableSortedSet(new TreeSet<>(partitions));
    }

    /** How long it has been open; zero if nobody knows. */
    public Duration age(Instant now) {
        return since.map(begin -> Duration.between(begin, now))
                .filter(age -> !age.isNegative())
                .orElse(Duration.ZERO);
    }
}
