package io.sightmill.flink;

import io.sightmill.engine.Lane;
import io.sightmill.schema.Answer;
import io.sightmill.schema.AnswerChunk;
import io.sightmill.schema.Embedding;
import io.sightmill.schema.Rejection;
import io.sightmill.schema.VisionRequest;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.apache.flink.util.OutputTag;

/** A generate operator without a cluster: its task is the test's own thread. */
final class OperatorHarness implements AutoCloseable {

    static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final OneInputStreamOperatorTestHarness<IncomingRecord, Answer> harness;
    private final ScriptedModel.Provider model;
    private final SetClock clock;
    private long nextOffset;

    OperatorHarness(ScriptedModel.Provider model, OperatorOptions options, SetClock clock)
            throws Exception {
        this(model, options, clock, Lane.BULK);
    }

    private OperatorHarness(
            ScriptedModel.Provider model, OperatorOptions options, SetClock clock, Lane lane)
            throws Exception {
        this.model = model;
        this.clock = clock;
        harness =
                new OneInputStreamOperatorTestHarness<>(
                        new GenerateOperatorFactory(model, options, lane, clock, false),
                        serializer());
        harness.setup();
    }

    static OperatorHarness opened(ScriptedModel.Provider model) throws Exception {
        return opened(model, OperatorOptions.defaults());
    }

    static OperatorHarness opened(ScriptedModel.Provider model, OperatorOptions options)
            throws Exception {
        OperatorHarness operator = new OperatorHarness(model, options, new SetClock(NOW));
        operator.harness.open();
        return operator;
    }

    static OperatorHarness opened(ScriptedModel.Provider model, Lane lane) throws Exception {
        OperatorHarness operator =
                new OperatorHarness(model, OperatorOptions.defaults(), new SetClock(NOW), lane);
        operator.harness.open();
        return operator;
    }

    static OperatorHarness restored(
            ScriptedModel.Provider model, OperatorSubtaskState state, Lane lane) throws Exception {
        OperatorHarness operator =
                new OperatorHarness(model, OperatorOptions.defaults(), new SetClock(NOW), lane);
        operator.harness.initializeState(state);
        operator.harness.open();
        return operator;
    }

    static OperatorHarness restored(ScriptedModel.Provider model, OperatorSubtaskState state)
            throws Exception {
        return restored(model, state, NOW);
    }

    static OperatorHarness restored(
            ScriptedModel.Provider model, OperatorSubtaskState state, Instant now)
            throws Exception {
        return restored(model, state, OperatorOptions.defaults(), now);
    }

    static OperatorHarness restored(
            ScriptedModel.Provider model, OperatorSubtaskState state, OperatorOptions options)
            throws Exception {
        return restored(model, state, options, NOW);
    }

    private static OperatorHarness restored(
            ScriptedModel.Provider model,
            OperatorSubtaskState state,
            OperatorOptions options,
            Instant now)
            throws Exception {
        OperatorHarness operator = new OperatorHarness(model, options, new SetClock(now));
        operator.harness.initializeState(state);
        operator.harness.open();
        return operator;
    }

    /** What of one subtask's state goes to a subtask when there are several afterwards. */
    static OperatorSubtaskState shareOf(OperatorSubtaskState state, int subtask, int parallelism) {
        return OneInputStreamOperatorTestHarness.repartitionOperatorState(
                state, 128, 1, parallelism, subtask);
    }

    private static TypeSerializer<IncomingRecord> serializer() {
        return TypeInformation.of(IncomingRecord.class)
                .createSerializer(new SerializerConfigImpl());
    }

    void process(VisionRequest request) throws Exception {
        process(Requests.bytes(request));
    }

    void process(byte[] value) throws Exception {
        process(value, null);
    }

    void process(byte[] value, byte[] traceparent) throws Exception {
        harness.processElement(
                new StreamRecord<>(
                        new IncomingRecord(value, "requests", 0, nextOffset++, traceparent)));
    }

    void endInput() throws Exception {
        harness.endInput();
    }

    OperatorSubtaskState snapshot() throws Exception {
        return harness.snapshot(1, 1);
    }

    /** Runs the operator's mail, waiting for it, until the condition holds. */
    void runMailUntil(BooleanSupplier condition) throws Exception {
        while (!condition.getAsBoolean()) {
            harness.getTaskMailbox().take(0).run();
        }
    }

    /** From now on it is this late. */
    void setNow(Instant now) {
        clock.now.set(now);
    }

    /** A clock that stands still until it is set. */
    private static final class SetClock extends Clock {

        private final AtomicReference<Instant> now;

        private SetClock(Instant now) {
            this.now = new AtomicReference<>(now);
        }

        @Override
        public Instant instant() {
            return now.get();
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException("only instants are read");
        }
    }

    /** How many tokens of a task the operator has heard of. */
    int tokensOf(String taskId) {
        return operator().requests().all().stream()
                .map(request -> request.task(taskId))
                .filter(Objects::nonNull)
                .mapToInt(task -> task.tokens().length)
                .sum();
    }

    OperatorMetrics metrics() {
        return operator().operatorMetrics();
    }

    private GenerateOperator operator() {
        return (GenerateOperator) harness.getOneInputOperator();
    }

    List<Answer> answers() {
        return harness.extractOutputValues();
    }

    List<Embedding> embeddings() {
        return side(GenerateOperatorFactory.EMBEDDINGS);
    }

    List<AnswerChunk> answerChunks() {
        return side(GenerateOperatorFactory.ANSWER_CHUNKS);
    }

    List<Rejection> rejections() {
        return side(GenerateOperatorFactory.REJECTIONS);
    }

    private <T> List<T> side(OutputTag<T> tag) {
        var records = harness.getSideOutput(tag);
        return records == null ? List.of() : records.stream().map(StreamRecord::getValue).toList();
    }

    /** Closes the operator; a model that a test left blocked is let go first. */
    @Override
    public void close() {
        ModelControl.of(model).unblock();
        try {
            harness.close();
        } catch (Exception exception) {
            throw new AssertionError("the operator did not close cleanly", exception);
        }
    }
}
