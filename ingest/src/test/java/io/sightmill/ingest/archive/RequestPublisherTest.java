package io.sightmill.ingest.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightmill.ingest.Requests;
import io.sightmill.schema.Reason;
import io.sightmill.schema.Rejection;
import io.sightmill.schema.Stage;
import io.sightmill.schema.VisionRequest;
import io.sightmill.schema.codec.RecordCodec;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RoundRobinPartitioner;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

/** What is published where, and when it counts as published. */
class RequestPublisherTest {

    private static final VisionRequest REQUEST = Requests.valid("request-1");

    private final MockProducer<String, byte[]> producer =
            new MockProducer<>(
                    false,
                    new RoundRobinPartitioner(),
                    new StringSerializer(),
                    new ByteArraySerializer());
    private final RequestPublisher publisher =
            new RequestPublisher(PublisherOptions.to("nowhere:9092"), producer);

    @Test
    void publishesARequestUnderItsId() {
        publisher.publish(new ReadImage.Requested(REQUEST));

        ProducerRecord<String, byte[]> sent = producer.history().get(0);
        assertThat(sent.topic()).isEqualTo("sightmill.requests");
        assertThat(sent.key()).isEqualTo("request-1");
        assertThat(RecordCodec.of(VisionRequest.class).decode(sent.value())).isEqualTo(REQUEST);
    }

    @Test
    void publishesARejectionToItsTopic() {
        Rejection rejection =
                Rejection.newBuilder()
                        .setRequestId("request-2")
                        .setStage(Stage.READ)
                        .setReason(Reason.TOO_LARGE)
                        .setMessage("too large")
                        .setRejectedAt(Requests.NOW)
                        .build();

        publisher.publish(new ReadImage.Rejected(rejection));

        ProducerRecord<String, byte[]> sent = producer.history().get(0);
        assertThat(sent.topic()).isEqualTo("sightmill.rejections");
        assertThat(sent.key()).isEqualTo("request-2");
        assertThat(RecordCodec.of(Rejection.class).decode(sent.value())).isEqualTo(rejection);
    }

    @Test
    void countsARecordWhenTheBrokersHaveIt() {
        CompletableFuture<Void> published = publisher.publish(REQUEST);
        assertThat(published).isNotDone();
        assertThat(publisher.acknowledged()).isZero();

        producer.completeNext();

        assertThat(published).isCompleted();
        assertThat(publisher.acknowledged()).isEqualTo(1);
    }

    @Test
    void saysWhenARecordWasNotPublished() {
        CompletableFuture<Void> published = publisher.publish(REQUEST);

        producer.errorNext(new IllegalStateException("no room"));

        assertThat(published).isCompletedExceptionally();
        assertThat(publisher.acknowledged()).isZero();
    }

    @Test
    void refusesLessRoomInFlightThanOneRecordTakes() {
        assertThatThrownBy(() -> new PublisherOptions("a:1", "b", "c", 2048, 2047))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "maxInFlightBytes is '2047' and must be at least maxRequestBytes, 2048");
    }
}
