package io.sightmill.ingest;

import io.sightmill.schema.Instruction;
import io.sightmill.schema.Message;
import io.sightmill.schema.Reason;
import io.sightmill.schema.Task;
import io.sightmill.schema.VisionRequest;
import io.sightmill.schema.codec.RecordCodec;
import io.sightmill.schema.codec.UndecodableRecordException;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Third of ingest: a task that names an instruction gets its messages, as they are at this moment.
 * The name stays in the task and says where they came from.
 */
final class ResolveInstruction extends RequestStep {

    private final RecordCodec<Instruction> codec = RecordCodec.of(Instruction.class);
    private final IngestLimits limits;
    private final RequestValidator validator;
    private KeyValueStore<String, byte[]> instructions;

    ResolveInstruction(IngestLimits limits, RequestValidator validator, Rejections rejections) {
        super(rejections);
        this.limits = limits;
        this.validator = validator;
    }

    @Override
    public void init(ProcessorContext<String, Object> context) {
        super.init(context);
        instructions = context.getStateStore(IngestTopology.INSTRUCTIONS_STORE);
    }

    @Override
    void step(Record<String, IncomingRequest> record) throws InvalidRequestException {
        IncomingRequest incoming = record.value();
        VisionRequest request = incoming.request();
        if (request.getTasks().stream().noneMatch(task -> task.getInstruction() != null)) {
            context().forward(record, IngestTopology.DEDUPLICATE);
            return;
        }
        long size = RecordSizes.of(record.headers(), incoming.payload());
        List<Task> tasks = new ArrayList<>();
        for (Task task : request.getTasks()) {
            if (task.getInstruction() == null) {
                tasks.add(task);
            } else {
                tasks.add(resolve(task));
                size += RecordSizes.ofText(tasks.get(tasks.size() - 1).getMessages());
            }
        }
        checkSize(size);
        VisionRequest resolved = VisionRequest.newBuilder(request).setTasks(tasks).build();
        context().forward(record.withValue(incoming.with(resolved)), IngestTopology.DEDUPLICATE);
    }

    /** Before the request is remembered: what no topic takes is a rejection that may come again. */
    private void checkSize(long size) throws InvalidRequestException {
        if (size > limits.maxRequestBytes()) {
            throw new InvalidRequestException(
                    Reason.TOO_LARGE,
                    "with its instructions the record has "
                            + size
                            + " bytes and may have "
                            + limits.maxRequestBytes()
                            + "; send large images by uri");
        }
    }

    private Task resolve(Task task) throws InvalidRequestException {
        List<Message> messages = find(task).getMessages();
        Task resolved = Task.newBuilder(task).setMessages(messages).build();
        validator.checkResolved(resolved);
        return resolved;
    }

    private Instruction find(Task task) throws InvalidRequestException {
        String name = task.getInstruction();
        String where = "task " + Quoted.of(task.getTaskId()) + " names " + Quoted.of(name);
        byte[] stored = instructions.get(name);
        if (stored == null) {
            throw new InvalidRequestException(
                    Reason.UNKNOWN_INSTRUCTION,
                    where + ", which is not in the instructions topic; publish it first");
        }
        try {
            return codec.decode(stored);
        } catch (UndecodableRecordException exception) {
            throw new InvalidRequestException(
                    Reason.UNKNOWN_INSTRUCTION,
                    where
                            + ", which cannot be read: "
                            + exception.getMessage()
                            + "; publish it again");
        }
    }
}
