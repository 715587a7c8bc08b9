package io.sightmill.sinks.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KafkaSinkOptionsTest {

    private static final KafkaSinkOptions DEFAULTS =
            KafkaSinkOptions.exactlyOnce("localhost:9092", "job-bulk");

    @Test
    void byDefaultSinksAreExactlyOnceAndFitAnyBroker() {
        assertThat(KafkaSinks.producerProperties(DEFAULTS))
                .containsEntry("bootstrap.servers", "localhost:9092")
                .containsEntry("transaction.timeout.ms", "900000")
                .containsEntry("max.request.size", "8388608")
                .containsEntry("buffer.memory", "33554432");
        assertThat(DEFAULTS.delivery()).isEqualTo(DeliveryGuarantee.EXACTLY_ONCE);
    }

    @Test
    void everyOptionReachesTheProducer() {
        KafkaSinkOptions options =
                DEFAULTS.withTransactionTimeout(Duration.ofDays(7))
                        .withMaxRequestBytes(64 << 20)
                        .withProducerProperties(Map.of("compression.type", "zstd"));

        assertThat(KafkaSinks.producerProperties(options))
                .containsEntry("transaction.timeout.ms", "604800000")
                .containsEntry("max.request.size", "67108864")
                .containsEntry("buffer.memory", "67108864")
                .containsEntry("compression.type", "zstd");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "job:bulk", "job bulk", "jöb"})
    void aWrongTransactionalIdPrefixIsNamed(String prefix) {
        assertWrong(
                () -> KafkaSinkOptions.exactlyOnce("localhost:9092", prefix),
                "transactionalIdPrefix is " + prefix);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0.999S", "PT168H0.001S", "PT-1S"})
    void aWrongTransactionTimeoutIsNamed(String timeout) {
        assertWrong(
                () -> DEFAULTS.withTransactionTimeout(Duration.parse(timeout)),
                "transactionTimeout is " + timeout);
    }

    @ParameterizedTest
    @ValueSource(strings = {"transactional.id", "enable.idempotence", "acks", "bootstrap.servers"})
    void aProducerPropertyThatTheGuaranteeHangsOnIsNamed(String key) {
        assertWrong(
                () -> DEFAULTS.withProducerProperties(Map.of(key, "mine")),
                "producerProperties." + key + " is mine");
    }

    @Test
    void otherWrongValuesAreNamed() {
        assertWrong(() -> KafkaSinkOptions.exactlyOnce(" ", "job"), "bootstrapServers is  ");
        assertWrong(() -> DEFAULTS.withMaxRequestBytes(65_535), "maxRequestBytes is 65535");
        assertWrong(() -> DEFAULTS.withDelivery(DeliveryGuarantee.NONE), "delivery is none");
    }

    private static void assertWrong(ThrowingCallable construction, String message) {
        assertThatThrownBy(construction)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message)
                .hasMessageContaining(" and must be ");
    }
}
