package io.sightmill.flink;

import io.sightmill.engine.Device;
import io.sightmill.engine.Lane;
import io.sightmill.engine.ModelProvider;
import io.sightmill.engine.PreparedTask;
import io.sightmill.engine.SequenceRequest;
import io.sightmill.engine.SequenceResult;
import io.sightmill.engine.TokenDecoder;
import io.sightmill.flink.RequestOutline.TaskOutline;
import io.sightmill.flink.quarantine.CoordinatedPermission;
import io.sightmill.flink.quarantine.EngineName;
import io.sightmill.flink.quarantine.RunPermission;
import io.sightmill.schema.Answer;
import io.sightmill.schema.Reason;
import io.sightmill.schema.Rejection;
import io.sightmill.schema.Stage;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeutils.base.array.BytePrimitiveArraySerializer;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * A lane of the data path inside Flink: preprocess on a pool, encode to decode on the engine's
 * thread, emit from the mailbox.
 *
 * <p>All answers and embeddings of a record leave in one mailbox action, so one checkpoint holds
 * all of them or none. A record that cannot be answered leaves as one rejection; a failure of the
 * engine itself fails the task.
 *
 * <p>Every method and every field belongs to the mailbox thread.
 */
final class GenerateOperator extends AbstractStreamOperator<Answer>
        implements OneInputStreamOperator<IncomingRecord, Answer>,
                BoundedOneInput,
                RunPermission.Listener {

    private static final long serialVersionUID = 1L;

    private static final ListStateDescriptor<byte[]> STATE =
            new ListStateDescriptor<>("in-flight-requests", BytePrimitiveArraySerializer.INSTANCE);

    private final transient ModelProvider model;
    private final transient OperatorOptions options;
    private final transient Lane lane;
    private final transient Clock clock;
    private final transient MailboxExecutor mailbox;
    private final transient InFlightRequests requests;
    private final transient boolean isCoordinated;

    /** Those that wait for permission to run, by position. */
    private final transient Map<String, InFlightRequest> asking = new HashMap<>();

    private transient ListState<byte[]> state;
    private transient String weightsSha256;
    private transient RequestGate gate;
    private transient OperatorMetrics operatorMetrics;
    private transient SlotDevice slotDevice;
    private transient SharedEngines.Lease lease;
    private transient EngineThread.Subscription engine;
    private transient PreprocessPool pool;
    private transient RequestPreparation preparation;
    private transient TokenDecoder tokenDecoder;
    private transient AnswerAssembly answers;
    private transient Emission emission;
    private transient RunPermission permission;

    GenerateOperator(
            StreamOperatorParameters<Answer> parameters,
            ModelProvider model,
            OperatorOptions options,
            Lane lane,
            Clock clock,
            boolean isCoordinated) {
        super(parameters);
        this.model = model;
        this.options = options;
        this.lane = lane;
        this.clock = clock;
        this.isCoordinated = isCoordinated;
        this.mailbox = parameters.getMailboxExecutor();
        this.requests =
                new InFlightRequests(options.maxInFlightRequests(), options.maxInFlightBytes());
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        state = context.getOperatorStateStore().getListState(STATE);
        if (context.isRestored()) {
            requests.restore(state);
        }
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        requests.snapshot(state, weightsSha256);
    }

    @Override
    public void open() throws Exception {
        super.open();
        slotDevice = SlotDevice.of(getRuntimeContext(), options);
        Device device = slotDevice.device();
        lease =
                SharedEngines.ofThisJvm()
                        .acquire(
                                new SharedEngines.Key(
                                        device, model, options.engine(), options.stepTimeout()),
                                clock);
        EngineThread thread = lease.engine();
        permission = permission(device);
        engine =
                thread.subscribe(
                        new EngineInbox(mailbox, this::onEngineEvents, permission::failing));
        preparation =
                new RequestPreparation(options, thread.preprocessor(), clock, System::nanoTime);
        tokenDecoder = thread.tokenDecoder();
        answers = new AnswerAssembly(thread.description(), tokenDecoder);
        weightsSha256 = thread.description().weightsSha256();
        int forgotten = requests.forgetTokensOfOthersThan(weightsSha256);
        if (forgotten > 0) {
            LOG.warn(
                    "{} tokens in flight are of other weights; their answers start over",
                    forgotten);
        }
        operatorMetrics =
                new OperatorMetrics(
                        getMetricGroup(),
                        requests,
                        thread::counters,
                        options.engine().kvTokens(),
                        lane,
                        System::nanoTime);
        emission = new Emission(output, new RejectionAssembly(clock), operatorMetrics);
        pool =
                new PreprocessPool(
                        "sightmill-preprocess-" + lane.name().toLowerCase(Locale.ROOT),
                        options.preprocessThreadsOf(Runtime.getRuntime().availableProcessors()));
        gate = RequestGate.ofThisTask();
        gate.setOpen(!requests.isFull());
        requests.all().forEach(this::askToRun);
    }

    private RunPermission permission(Device device) {
        return isCoordinated
                ? CoordinatedPermission.of(
                        getContainingTask().getEnvironment(),
                        getOperatorID(),
                        EngineName.here(device.toString()),
                        work -> EngineInbox.post(mailbox, work::run, "answer of the quarantine"),
                        this)
                : RunPermission.always(this::onGranted);
    }

    /**
     * Takes a record. Waits while full, as it can be behind a source without a gate; a gated source
     * does not hand over a record then.
     */
    @Override
    public void processElement(StreamRecord<IncomingRecord> element) throws Exception {
        while (requests.isFull()) {
            mailbox.yield();
        }
        askToRun(requests.add(element.getValue()));
        gate.setOpen(!requests.isFull());
    }

    /** The input ended: waits until nothing is in flight. */
    @Override
    public void endInput() throws Exception {
        while (!requests.isEmpty()) {
            mailbox.yield();
        }
    }

    @Override
    public void close() throws Exception {
        try (SlotDevice last = slotDevice;
                SharedEngines.Lease second = lease;
                PreprocessPool first = pool) {
            // Closed in reverse: the pool before the engine whose preprocessor it uses, the device
            // when its memory is free.
            LOG.debug("closing {}, {} and {}", first, second, last);
            if (engine != null) {
                engine.close();
                permission.leaving();
            }
        } finally {
            super.close();
        }
    }

    /** What is in flight, for tests on the mailbox thread. */
    InFlightRequests requests() {
        return requests;
    }

    /** What has been counted, for tests. */
    OperatorMetrics operatorMetrics() {
        return operatorMetrics;
    }

    /** Nothing is done with a record before the quarantine knows of it. */
    private void askToRun(InFlightRequest request) {
        String position = request.record().position();
        asking.put(position, request);
        permission.ask(position);
    }

    @Override
    public void onGranted(String position) {
        preprocess(asking.remove(position));
    }

    @Override
    public void onRefused(String position, String why) {
        InFlightRequest request = asking.remove(position);
        Stage stage = request.hasTokens() ? Stage.DECODE : Stage.PREFILL;
        RequestOutline outline = preparation.outline(request.record());
        reject(
                request,
                new RecordRejectedException(stage, Reason.MODEL_FAILURE, outline, why, null));
    }

    private void preprocess(InFlightRequest request) {
        long arrival = request.arrival();
        IncomingRecord record = request.record();
        boolean hasTokens = request.hasTokens();
        pool.execute(() -> preprocess(arrival, record, hasTokens));
    }

    /** Runs on the preprocess pool. */
    private void preprocess(long arrival, IncomingRecord record, boolean hasTokens) {
        try {
            PreparedRecord prepared = preparation.prepare(record, hasTokens);
            EngineInbox.post(mailbox, () -> onPrepared(arrival, prepared), "prepared request");
        } catch (RecordRejectedException why) {
            EngineInbox.post(
                    mailbox, () -> reject(requests.arrived(arrival), why), "rejected request");
        } catch (Throwable failure) {
            permission.failing(record.position(), failure);
            EngineInbox.post(
                    mailbox,
                    () -> {
                        throw new IllegalStateException(
                                "preprocessing " + record.position() + " failed", failure);
                    },
                    "failure of the preprocess stage");
        }
    }

    private void onPrepared(long arrival, PreparedRecord prepared) {
        InFlightRequest request = requests.arrived(arrival);
        requests.prepared(request, prepared, engine.newKey(prepared.outline().requestId()));
        if (prepared.late()) {
            for (TaskOutline task : prepared.outline().tasks()) {
                TaskProgress progress = request.task(task.taskId());
                if (!progress.isFinished()) {
                    stream(prepared, task, progress, List.of());
                    finish(request, progress, answers.late(prepared, task));
                }
            }
        }
        engine.submit(unfinished(request));
        emitIfFinished(request);
    }

    /** What is left to run: everything, or after a restore what was not finished. */
    private List<SequenceRequest> unfinished(InFlightRequest request) {
        List<SequenceRequest> sequences = new ArrayList<>();
        for (PreparedTask task : request.prepared().tasks()) {
            TaskProgress progress = request.task(task.taskId());
            if (!progress.isFinished()) {
                int[] tokensSoFar = progress.tokens();
                stream(
                        request.prepared(),
                        request.prepared().outline().task(task.taskId()),
                        progress,
                        task.generation().stop());
                operatorMetrics.resumed(tokensSoFar.length);
                operatorMetrics.submitted(progress);
                sequences.add(
                        new SequenceRequest(
                                request.engineKey(),
                                request.prepared().tenant(),
                                lane,
                                task,
                                request.prepared().deadline(),
                                tokensSoFar));
            }
        }
        return sequences;
    }

    private void onEngineEvents(List<EngineEvent> events) {
        for (EngineEvent event : events) {
            InFlightRequest request = requests.inEngine(event.id().requestId());
            if (request != null) {
                onEngineEvent(request, event);
            }
        }
    }

    private void onEngineEvent(InFlightRequest request, EngineEvent event) {
        TaskProgress task = request.task(event.id().taskId());
        if (event instanceof EngineEvent.Token token) {
            operatorMetrics.generated(task);
            task.append(token.tokenId());
            task.chunks()
                    .flatMap(to -> to.next(token.tokenId()))
                    .ifPresent(chunk -> emission.emit(request, chunk));
        } else if (event instanceof EngineEvent.Finished finished) {
            operatorMetrics.ended(finished.result());
            finish(request, task, outcome(request, finished.result()));
            emitIfFinished(request);
        } else if (event instanceof EngineEvent.Failed failed) {
            reject(
                    request,
                    RecordRejectedException.of(request.prepared().outline(), failed.failure()));
        }
    }

    /** Lets a task's text go out while it comes, where that is wanted. */
    private void stream(
            PreparedRecord record, TaskOutline task, TaskProgress progress, List<String> stop) {
        if (lane == Lane.LIVE && task.streams()) {
            ChunkStream chunks =
                    new ChunkStream(
                            record.outline().requestId(), task.taskId(), tokenDecoder, stop);
            chunks.skip(progress.tokens());
            progress.streamTo(chunks);
        }
    }

    private void finish(InFlightRequest request, TaskProgress task, TaskOutcome outcome) {
        task.finish(outcome);
        outcome.answer()
                .ifPresent(
                        answer ->
                                task.chunks()
                                        .map(to -> to.end(answer.getText()))
                                        .ifPresent(chunk -> emission.emit(request, chunk)));
    }

    /** A result that cannot be assembled is its record's fault; a sink that fails is not. */
    private TaskOutcome outcome(InFlightRequest request, SequenceResult result) {
        try {
            return answers.outcome(request.prepared(), result);
        } catch (RuntimeException failure) {
            permission.failing(request.record().position(), failure);
            throw failure;
        }
    }

    private void emitIfFinished(InFlightRequest request) {
        if (request.isFinished()) {
            emission.emit(request);
            leave(request);
        }
    }

    private void reject(InFlightRequest request, RecordRejectedException why) {
        if (request.engineKey() != null) {
            engine.cancel(request.engineKey());
        }
        Rejection rejection = emission.reject(request, why);
        LOG.info("rejected {}: {}", request.record().position(), rejection.getMessage());
        leave(request);
    }

    private void leave(InFlightRequest request) {
        requests.remove(request);
        permission.left(request.record().position());
        gate.setOpen(!requests.isFull());
    }
}
