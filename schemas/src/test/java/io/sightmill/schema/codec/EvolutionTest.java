package io.sightmill.schema.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightmill.schema.Answer;
import io.sightmill.schema.Examples;
import io.sightmill.schema.FinishReason;
import io.sightmill.schema.Generation;
import io.sightmill.schema.Lane;
import io.sightmill.schema.Reason;
import io.sightmill.schema.Rejection;
import io.sightmill.schema.SchemaFiles;
import io.sightmill.schema.Task;
import io.sightmill.schema.TaskKind;
import io.sightmill.schema.Topics;
import io.sightmill.schema.VisionRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.avro.message.BinaryMessageEncoder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Writers and readers of different versions understand each other. */
class EvolutionTest {

    private static final Instant MORNING = Instant.parse("2026-03-01T08:00:00Z");

    @Test
    void givesDefaultsForFieldsThatAnOlderWriterDidNotKnow() throws IOException {
        Schema older = SchemaFiles.read("older", "VisionRequest");
        byte[] bytes = write(olderRequest(older));

        VisionRequest request = RecordCodec.of(VisionRequest.class, List.of(older)).decode(bytes);

        assertThat(request.getRequestId()).isEqualTo("request-1");
        assertThat(request.getImages().get(0).getContent())
                .isEqualTo(ByteBuffer.wrap(new byte[] {1, 2}));
        assertThat(request.getImages().get(0).getUri()).isNull();
        assertThat(request.getCreatedAt()).isEqualTo(MORNING);
        assertThat(request.getLane()).isEqualTo(Lane.BULK);
        assertThat(request.getDeadline()).isNull();
        assertThat(request.getAttributes()).isEmpty();
        Task task = request.getTasks().get(0);
        assertThat(task.getKind()).isEqualTo(TaskKind.CAPTION);
        assertThat(task.getMessages()).isEmpty();
        assertThat(task.getGeneration()).isEqualTo(Generation.newBuilder().build());
        assertThat(task.getGeneration().getMaxNewTokens()).isEqualTo(256);
    }

    @ParameterizedTest
    @ValueSource(strings = {"v1", "v2"})
    void readsWhatAFormerVersionWroteWithoutBeingToldOfIt(String version) throws IOException {
        Schema first = SchemaFiles.read(version, "VisionRequest");
        GenericRecord older =
                new GenericRecordBuilder(first)
                        .set("requestId", "request-1")
                        .set("images", List.of())
                        .set("tasks", List.of())
                        .set("createdAt", MORNING.toEpochMilli())
                        .build();

        VisionRequest request = RecordCodec.of(VisionRequest.class).decode(write(older));

        assertThat(request.getRequestId()).isEqualTo("request-1");
        assertThat(request.getSchema()).isNotEqualTo(first);
    }

    @ParameterizedTest
    @ValueSource(strings = {"v1", "v2"})
    void anAnswerOfAFormerVersionIsReadWithoutATraceContext(String version) throws IOException {
        try (InputStream file = Topics.class.getResourceAsStream(version + "/Answer.avsc")) {
            Schema former = new Schema.Parser().parse(file);
            RecordCodec<Answer> codec = RecordCodec.of(Answer.class);
            GenericRecord older =
                    GenericData.get().deepCopy(former, readAs(former, Examples.answer()));

            Answer answer = codec.decode(write(older));

            assertThat(answer.getText()).isEqualTo(Examples.answer().getText());
            assertThat(answer.getTraceparent()).isNull();
        }
    }

    @Test
    void isReadByAnOlderReader() throws IOException {
        Schema older = SchemaFiles.read("older", "Answer");
        Answer answer = Examples.answer();
        answer.setKind(TaskKind.CAPTION);
        answer.setFinishReason(FinishReason.STOP);

        GenericRecord seen = readAs(older, answer);

        assertThat(seen.get("requestId")).hasToString("request-1");
        assertThat(seen.get("text")).hasToString("yes");
        assertThat(seen.get("kind")).hasToString("CAPTION");
        assertThat(seen.get("finishReason")).hasToString("STOP");
    }

    @Test
    void showsAnOlderReaderUnknownWhereItDoesNotKnowTheSymbol() throws IOException {
        GenericRecord answer = readAs(SchemaFiles.read("older", "Answer"), Examples.answer());
        GenericRecord rejection =
                readAs(SchemaFiles.read("older", "Rejection"), Examples.rejection());

        assertThat(answer.get("kind")).hasToString("UNKNOWN");
        assertThat(answer.get("finishReason")).hasToString("UNKNOWN");
        assertThat(rejection.get("stage")).hasToString("UNKNOWN");
        assertThat(rejection.get("reason")).hasToString("UNKNOWN");
    }

    @Test
    void showsThisReaderUnknownWhereANewerWriterHasANewSymbol() throws IOException {
        Schema newer = new Schema.Parser().parse(withNewReason());
        GenericRecord record = new GenericData.Record(newer);
        record.put("stage", symbol(newer, "stage", "INGEST"));
        record.put("reason", symbol(newer, "reason", "FULL_MOON"));
        record.put("message", "wait");
        record.put("attributes", Map.of());
        record.put("rejectedAt", MORNING.toEpochMilli());
        byte[] bytes = write(record);

        Rejection rejection = RecordCodec.of(Rejection.class, List.of(newer)).decode(bytes);

        assertThat(rejection.getReason()).isEqualTo(Reason.UNKNOWN);
        assertThat(rejection.getMessage()).isEqualTo("wait");
    }

    private static String withNewReason() {
        String first = SchemaFiles.read("v1", "Rejection").toString();
        assertThat(first).contains("\"MODEL_FAILURE\"");
        return first.replace("\"MODEL_FAILURE\"", "\"MODEL_FAILURE\",\"FULL_MOON\"");
    }

    private static GenericRecord olderRequest(Schema older) {
        Schema images = older.getField("images").schema();
        GenericRecord image = new GenericData.Record(images.getElementType());
        image.put("content", ByteBuffer.wrap(new byte[] {1, 2}));
        Schema tasks = older.getField("tasks").schema();
        GenericRecord task = new GenericData.Record(tasks.getElementType());
        task.put("taskId", "task-1");
        task.put("kind", symbol(tasks.getElementType(), "kind", "CAPTION"));
        GenericRecord request = new GenericData.Record(older);
        request.put("requestId", "request-1");
        request.put("images", List.of(image));
        request.put("tasks", List.of(task));
        request.put("createdAt", MORNING.toEpochMilli());
        return request;
    }

    private static Object symbol(Schema record, String field, String symbol) {
        return new GenericData.EnumSymbol(record.getField(field).schema(), symbol);
    }

    private static byte[] write(GenericRecord record) throws IOException {
        ByteBuffer bytes =
                new BinaryMessageEncoder<GenericRecord>(GenericData.get(), record.getSchema())
                        .encode(record);
        byte[] array = new byte[bytes.remaining()];
        bytes.get(array);
        return array;
    }

    private static GenericRecord readAs(Schema older, Answer answer) throws IOException {
        return readAs(older, answer.getSchema(), RecordCodec.of(Answer.class).encode(answer));
    }

    private static GenericRecord readAs(Schema older, Rejection rejection) throws IOException {
        return readAs(
                older, rejection.getSchema(), RecordCodec.of(Rejection.class).encode(rejection));
    }

    private static GenericRecord readAs(Schema older, Schema writer, byte[] bytes)
            throws IOException {
        BinaryMessageDecoder<GenericRecord> reader =
                new BinaryMessageDecoder<>(GenericData.get(), older);
        reader.addSchema(writer);
        return reader.decode(bytes);
    }
}
