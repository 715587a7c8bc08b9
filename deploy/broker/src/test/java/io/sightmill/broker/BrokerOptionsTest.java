package io.sightmill.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BrokerOptionsTest {

    private static final BrokerIdentity IDENTITY = new BrokerIdentity("cluster", 20_001, 20_002);

    private static final BrokerOptions DEFAULTS = BrokerOptions.in(Path.of("data"));

    @Test
    void byDefaultNothingIsDeletedAndBatchesMayHold64Mebibytes() {
        Properties properties = kafka(DEFAULTS);

        assertThat(properties)
                .containsEntry("log.retention.ms", "-1")
                .containsEntry("log.retention.bytes", "-1")
                .containsEntry("message.max.bytes", "67108864")
                .containsEntry("replica.fetch.max.bytes", "67108864");
    }

    @Test
    void everyOptionReachesKafka() {
        BrokerOptions options =
                DEFAULTS.withRetention(Duration.ofDays(1)).withMaxMessageBytes(1 << 30);

        assertThat(kafka(options))
                .containsEntry("log.dirs", "logs")
                .containsEntry("log.retention.ms", "86400000")
                .containsEntry("message.max.bytes", "1073741824")
                .containsEntry("socket.request.max.bytes", "1074790400");
    }

    @Test
    void everyListenerIsOnTheLoopbackAddress() {
        assertThat(kafka(DEFAULTS).getProperty("listeners"))
                .isEqualTo("PLAINTEXT://127.0.0.1:20001,CONTROLLER://127.0.0.1:20002");
    }

    @Test
    void aWrongRetentionIsNamed() {
        assertThatThrownBy(() -> DEFAULTS.withRetention(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("retention is PT0S");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, (1 << 20) - 1, (1 << 30) + 1})
    void aWrongMessageSizeIsNamed(int bytes) {
        assertThatThrownBy(() -> DEFAULTS.withMaxMessageBytes(bytes))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("maxMessageBytes is " + bytes);
    }

    private static Properties kafka(BrokerOptions options) {
        return BrokerConfiguration.of(options, IDENTITY, Path.of("logs"));
    }
}
