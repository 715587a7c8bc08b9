package io.sightmill.flink;

import io.sightmill.engine.Lane;
import io.sightmill.engine.ModelProvider;
import io.sightmill.flink.quarantine.QuarantineCoordinator;
import io.sightmill.schema.Answer;
import io.sightmill.schema.AnswerChunk;
import io.sightmill.schema.Embedding;
import io.sightmill.schema.Rejection;
import java.time.Clock;
import java.util.Objects;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.operators.coordination.OperatorCoordinator;
import org.apache.flink.streaming.api.operators.AbstractStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.ChainingStrategy;
import org.apache.flink.streaming.api.operators.CoordinatedOperatorFactory;
import org.apache.flink.streaming.api.operators.OneInputStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.util.OutputTag;

/**
 * Makes the operator of a lane. Its main output are the answers; embeddings, rejections and the
 * chunks of answers under way leave by side outputs.
 */
public final class GenerateOperatorFactory extends AbstractStreamOperatorFactory<Answer>
        implements OneInputStreamOperatorFactory<IncomingRecord, Answer>,
                CoordinatedOperatorFactory<Answer> {

    /** Side output: one record an image of an EMBED task. */
    public static final OutputTag<Embedding> EMBEDDINGS =
            new OutputTag<>("embeddings", new AvroTypeInfo<>(Embedding.class));

    /** Side output: the text of live tasks that ask for it, while it is generated. */
    public static final OutputTag<AnswerChunk> ANSWER_CHUNKS =
            new OutputTag<>("answer-chunks", new AvroTypeInfo<>(AnswerChunk.class));

    /** Side output: one record a request that cannot be answered. */
    public static final OutputTag<Rejection> REJECTIONS =
            new OutputTag<>("rejections", new AvroTypeInfo<>(Rejection.class));

    private static final long serialVersionUID = 1L;

    private final ModelProvider model;
    private final OperatorOptions options;
    private final Lane lane;
    private final Clock clock;
    private final boolean isCoordinated;

    public GenerateOperatorFactory(ModelProvider model, OperatorOptions options, Lane lane) {
        this(model, options, lane, Clock.systemUTC(), true);
    }

    /**
     * @param clock what deadlines are held against; serializable, as the clocks of java.time are
     * @param isCoordinated whether there is a JobManager that keeps the quarantine
     */
    GenerateOperatorFactory(
            ModelProvider model,
            OperatorOptions options,
            Lane lane,
            Clock clock,
            boolean isCoordinated) {
        this.model = Objects.requireNonNull(model, "model");
        this.options = Objects.requireNonNull(options, "options");
        this.lane = Objects.requireNonNull(lane, "lane");
        this.clock = Objects.requireNonNull(clock, "clock");
        this.isCoordinated = isCoordinated;
        // A shuffle between source and operator would starve checkpoints.
        setChainingStrategy(ChainingStrategy.ALWAYS);
    }

    @Override
    public <T extends StreamOperator<Answer>> T createStreamOperator(
            StreamOperatorParameters<Answer> parameters) {
        @SuppressWarnings("unchecked") // Flink's signature lets the caller choose T.
        T operator =
                (T) new GenerateOperator(parameters, model, options, lane, clock, isCoordinated);
        return operator;
    }

    @Override
    public OperatorCoordinator.Provider getCoordinatorProvider(
            String operatorName, OperatorID operatorId) {
        return QuarantineCoordinator.of(operatorId);
    }

    @Override
    public Class<? extends StreamOperator<?>> getStreamOperatorClass(ClassLoader classLoader) {
        return GenerateOperator.class;
    }
}
