package io.sightmill.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BrokerIdentityTest {

    private Path file;

    @BeforeEach
    void chooseFile(@TempDir Path directory) {
        file = directory.resolve("broker.properties");
    }

    @Test
    void isTheSameEveryTime() throws IOException {
        BrokerIdentity first = BrokerIdentity.of(file);

        assertThat(BrokerIdentity.of(file)).isEqualTo(first);
    }

    @Test
    void takesAnotherPortWhereItsOwnIsTaken() throws IOException {
        BrokerIdentity first = BrokerIdentity.of(file);
        try (ServerSocket stranger = new ServerSocket(first.brokerPort(), 1, FreePorts.LOOPBACK)) {

            BrokerIdentity second = BrokerIdentity.of(file);

            assertThat(second.brokerPort())
                    .isNotEqualTo(stranger.getLocalPort())
                    .isNotEqualTo(second.controllerPort());
            assertThat(second.controllerPort()).isEqualTo(first.controllerPort());
            assertThat(second.clusterId()).isEqualTo(first.clusterId());
        }
    }

    @Test
    void keepsTheNewPort() throws IOException {
        BrokerIdentity first = BrokerIdentity.of(file);
        BrokerIdentity second;
        try (ServerSocket stranger =
                new ServerSocket(first.controllerPort(), 1, FreePorts.LOOPBACK)) {
            second = BrokerIdentity.of(file);
            assertThat(second.controllerPort()).isNotEqualTo(stranger.getLocalPort());
        }

        assertThat(BrokerIdentity.of(file)).isEqualTo(second);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "broker.port=1\\ncontroller.port=2 | cluster.id is missing",
                "cluster.id=a\\ncontroller.port=2 | broker.port is ''",
                "cluster.id=a\\nbroker.port=x\\ncontroller.port=2 | broker.port is 'x'",
                "cluster.id=a\\nbroker.port=1\\ncontroller.port=65536 | controller.port is '65536'",
                "cluster.id=\\u00zz | it is no properties file",
            })
    void aBrokenFileIsNamedWithItsFault(String content, String fault) throws IOException {
        Files.writeString(file, content.replace("\\n", "\n"));

        assertThatThrownBy(() -> BrokerIdentity.of(file))
                .isInstanceOf(BrokerStartException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining(fault);
    }
}
