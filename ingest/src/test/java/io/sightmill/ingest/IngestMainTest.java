package io.sightmill.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Settings come from files and from the command line, in order. */
class IngestMainTest {

    @TempDir private Path folder;

    @Test
    void letsLaterSettingsWin() throws IOException {
        Path file = folder.resolve("ingest.properties");
        Files.writeString(file, "threads=1\nbootstrap.servers = broker:9092\n");

        assertThat(IngestMain.settings(List.of(file.toString(), "threads=2")))
                .containsEntry("threads", "2")
                .containsEntry("bootstrap.servers", "broker:9092");
    }

    @Test
    void namesAFileThatCannotBeRead() {
        assertThatThrownBy(() -> IngestMain.settings(List.of("missing.properties")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("missing.properties");
    }

    @Test
    void endsWithTwoForAWrongConfiguration() throws InterruptedException {
        assertThat(IngestMain.run(List.of("threads=none"))).isEqualTo(2);
    }
}
