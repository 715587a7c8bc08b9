package io.sightmill.flink;

import io.sightmill.schema.Reason;
import java.util.EnumMap;
import java.util.Map;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;

/** What an operator tells Flink's metric system. Updated by the mailbox thread. */
final class OperatorMetrics {

    private final Counter answers;
    private final Counter lateAnswers;
    private final Counter embeddings;
    private final Counter generatedTokens;
    private final Counter resumedTokens;
    private final Map<Reason, Counter> rejections = new EnumMap<>(Reason.class);

    OperatorMetrics(MetricGroup group, InFlightRequests requests) {
        group.gauge("requestsInFlight", requests::size);
        group.gauge("requestsWaiting", requests::waiting);
        group.gauge("bytesInFlight", requests::bytes);
        answers = group.counter("answers");
        lateAnswers = group.counter("lateAnswers");
        embeddings = group.counter("embeddings");
        generatedTokens = group.counter("generatedTokens");
        resumedTokens = group.counter("resumedTokens");
        for (Reason reason : Reason.values()) {
            rejections.put(reason, group.addGroup("reason", reason.name()).counter("rejections"));
        }
    }

    void answered(boolean late) {
        answers.inc();
        if (late) {
            lateAnswers.inc();
        }
    }

    void embedded() {
        embeddings.inc();
    }

    void rejected(Reason reason) {
        rejections.get(reason).inc();
    }

    void generated() {
        generatedTokens.inc();
    }

    /** Tokens taken over from a checkpoint instead of being generated again. */
    void resumed(int tokens) {
        resumedTokens.inc(tokens);
    }

    long answers() {
        return answers.getCount();
    }

    long generatedTokens() {
        return generatedTokens.getCount();
    }

    long resumedTokens() {
        return resumedTokens.getCount();
    }

    long rejections(Reason reason) {
        return rejections.get(reason).getCount();
    }
}
