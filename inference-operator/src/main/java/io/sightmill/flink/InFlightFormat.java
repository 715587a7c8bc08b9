package io.sightmill.flink;

import io.sightmill.schema.Answer;
import io.sightmill.schema.Embedding;
import io.sightmill.schema.codec.RecordCodec;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A request in flight as bytes of a checkpoint, beginning with the version of the format.
 *
 * <p>Version 1: arrival, origin, trace context, the record's bytes, the digest of the weights that
 * gave the tokens; for each task its id, the tokens so far, and the finished outcome as Avro single
 * objects. A new version gets a new number here and keeps reading the old ones.
 */
final class InFlightFormat {

    private static final byte VERSION = 1;
    private static final int ABSENT = -1;

    private static final RecordCodec<Answer> ANSWER = RecordCodec.of(Answer.class);
    private static final RecordCodec<Embedding> EMBEDDING = RecordCodec.of(Embedding.class);

    private InFlightFormat() {}

    /**
     * @param weightsSha256 of the model that runs now, and so of the tokens so far
     */
    static byte[] write(InFlightRequest request, String weightsSha256) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(request.bytes() + 1_024);
        try (DataOutputStream output = new DataOutputStream(bytes)) {
            output.writeByte(VERSION);
            output.writeLong(request.arrival());
            output.writeUTF(request.record().topic());
            output.writeInt(request.record().partition());
            output.writeLong(request.record().offset());
            writeBytes(output, request.record().traceparent());
            writeBytes(output, request.record().value());
            output.writeUTF(weightsSha256);
            output.writeInt(request.tasks().size());
            for (Map.Entry<String, TaskProgress> task : request.tasks().entrySet()) {
                output.writeUTF(task.getKey());
                writeTask(output, task.getValue());
            }
        }
        return bytes.toByteArray();
    }

    private static void writeTask(DataOutputStream output, TaskProgress task) throws IOException {
        int[] tokens = task.tokens();
        output.writeInt(tokens.length);
        for (int token : tokens) {
            output.writeInt(token);
        }
        output.writeBoolean(task.isFinished());
        if (task.isFinished()) {
            Optional<Answer> answer = task.outcome().answer();
            writeBytes(output, answer.map(ANSWER::encode).orElse(null));
            output.writeInt(task.outcome().embeddings().size());
            for (Embedding embedding : task.outcome().embeddings()) {
                writeBytes(output, EMBEDDING.encode(embedding));
            }
        }
    }

    private static void writeBytes(DataOutputStream output, byte[] bytes) throws IOException {
        output.writeInt(bytes == null ? ABSENT : bytes.length);
        if (bytes != null) {
            output.write(bytes);
        }
    }

    /**
     * @throws IOException if the bytes were written by a version that is not known here
     */
    static InFlightRequest read(byte[] element) throws IOException {
        try (DataInputStream input = new DataInputStream(new ByteArrayInputStream(element))) {
            byte version = input.readByte();
            if (version != VERSION) {
                throw new IOException(
                        ("state of requests in flight has format version %d and this build reads %d;"
                                        + " restore it with the Sightmill version that wrote it, or a newer one")
                                .formatted(version, VERSION));
            }
            return readRequest(input);
        }
    }

    private static InFlightRequest readRequest(DataInputStream input) throws IOException {
        long arrival = input.readLong();
        String topic = input.readUTF();
        int partition = input.readInt();
        long offset = input.readLong();
        byte[] traceparent = readBytes(input);
        byte[] value = readBytes(input);
        String weightsSha256 = input.readUTF();
        int taskCount = input.readInt();
        Map<String, TaskProgress> tasks = new LinkedHashMap<>();
        for (int task = 0; task < taskCount; task++) {
            String taskId = input.readUTF();
            tasks.put(taskId, readTask(input));
        }
        return new InFlightRequest(
                arrival,
                new IncomingRecord(value, topic, partition, offset, traceparent),
                tasks,
                weightsSha256);
    }

    private static TaskProgress readTask(DataInputStream input) throws IOException {
        int[] tokens = new int[input.readInt()];
        for (int index = 0; index < tokens.length; index++) {
            tokens[index] = input.readInt();
        }
        return new TaskProgress(tokens, input.readBoolean() ? readOutcome(input) : null);
    }

    private static TaskOutcome readOutcome(DataInputStream input) throws IOException {
        Optional<Answer> answer = Optional.ofNullable(readBytes(input)).map(ANSWER::decode);
        int count = input.readInt();
        List<Embedding> embeddings = new ArrayList<>(count);
        for (int index = 0; index < count; index++) {
            embeddings.add(EMBEDDING.decode(readBytes(input)));
        }
        return new TaskOutcome(answer, embeddings);
    }

    private static byte[] readBytes(DataInputStream input) throws IOException {
        int length = input.readInt();
        return length == ABSENT ? null : input.readNBytes(length);
    }
}
