package io.sightmill.sinks.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightmill.schema.Answer;
import io.sightmill.schema.Message;
import io.sightmill.schema.Rejection;
import io.sightmill.schema.codec.RecordCodec;
import io.sightmill.sinks.Records;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.flink.util.InstantiationUtil;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class RecordSerializerTest {

    private static final long REQUEST_TIME = 1L;

    @Test
    void keyIsTheRequestIdAndValueTheEncodedRecord() throws Exception {
        Answer answer = Records.answer(7);

        ProducerRecord<byte[], byte[]> written = serialize(Answer.class, answer);

        assertThat(written.topic()).isEqualTo("topic");
        assertThat(written.key()).isEqualTo("request-7".getBytes(UTF_8));
        assertThat(RecordCodec.of(Answer.class).decode(written.value())).isEqualTo(answer);
    }

    @Test
    void whatCouldNotBeDecodedHasNoKey() throws Exception {
        Rejection rejection = Records.rejection();

        ProducerRecord<byte[], byte[]> written = serialize(Rejection.class, rejection);

        assertThat(written.key()).isNull();
        assertThat(RecordCodec.of(Rejection.class).decode(written.value())).isEqualTo(rejection);
    }

    @Test
    void theTraceContextIsAHeaderWhereThereIsOne() throws Exception {
        Answer traced = Records.answer(7);
        traced.setTraceparent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");

        assertThat(serialize(Answer.class, traced).headers().lastHeader("traceparent").value())
                .isEqualTo(traced.getTraceparent().getBytes(UTF_8));
        assertThat(serialize(Answer.class, Records.answer(7)).headers()).isEmpty();
    }

    @Test
    void retentionCountsFromTheWritingAndNotFromTheRequest() throws Exception {
        assertThat(serialize(Answer.class, Records.answer(7)).timestamp()).isNull();
    }

    @Test
    void aTypeWithoutRequestIdIsRefused() {
        assertThatThrownBy(() -> new RecordSerializer<>(Message.class, "topic"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("type is io.sightmill.schema.Message and must have a field requestId");
    }

    /** By way of Java serialization, as Flink ships it. */
    private static <T extends SpecificRecordBase> ProducerRecord<byte[], byte[]> serialize(
            Class<T> type, T element) throws Exception {
        RecordSerializer<T> serializer =
                InstantiationUtil.clone(new RecordSerializer<>(type, "topic"));
        serializer.open(null, null);
        return serializer.serialize(element, null, REQUEST_TIME);
    }
}
