package io.sightmill.sinks.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.connector.kafka.sink.KafkaCommittable;
import org.apache.flink.streaming.api.connector.sink2.CommittableMessage;
import org.apache.flink.streaming.api.operators.AbstractStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.ChainingStrategy;
import org.apache.flink.streaming.api.operators.OneInputStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;

/** Makes the operator that stands behind the committers of a sink. It gives nothing on. */
final class AbandonedTransactionsFactory extends AbstractStreamOperatorFactory<Void>
        implements OneInputStreamOperatorFactory<CommittableMessage<KafkaCommittable>, Void> {

    static final TypeInformation<Void> NOTHING = Types.VOID;

    private static final long serialVersionUID = 1L;

    /** Readers of committed records wait for an abandoned transaction about this long at most. */
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(30);

    private final String sink;
    private final HashMap<String, Object> adminProperties;

    /**
     * @param sink what all transactional ids of the sink begin with
     */
    AbandonedTransactionsFactory(String sink, Map<String, Object> adminProperties) {
        this.sink = sink;
        this.adminProperties = new HashMap<>(adminProperties);
        setChainingStrategy(ChainingStrategy.ALWAYS);
    }

    @Override
    public <T extends StreamOperator<Void>> T createStreamOperator(
            StreamOperatorParameters<Void> parameters) {
        @SuppressWarnings("unchecked") // Flink's signature lets the caller choose T.
        T operator =
                (T) new AbandonedTransactions(parameters, sink, adminProperties, BETWEEN_LOOKS);
        return operator;
    }

    @Override
    public Class<? extends StreamOperator<?>> getStreamOperatorClass(ClassLoader classLoader) {
        return AbandonedTransactions.class;
    }
}
