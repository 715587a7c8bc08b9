package io.sightmill.llava;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightmill.engine.Device;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ProcessMemoryTest {

    @Test
    void readsAnonymousAndFilePagesApart() {
        String status = "Name:\tjava\nVmHWM:\t  99 kB\nRssAnon:\t  1024 kB\nRssFile:\t    2 kB\n";

        assertThat(ProcessMemory.parse(status)).contains(new ProcessMemory(1 << 20, 2048));
    }

    @Test
    void isEmptyWhereTheSystemDoesNotTell() {
        assertThat(ProcessMemory.parse("Name:\tjava\n")).isEmpty();
    }

    @Test
    void aLoadIsMeasuredToItsFirstToken() {
        Set<String> heard = new HashSet<>();
        LoadMeasurement measurement =
                LoadMeasurement.take(
                        ReferenceFiles.path("tiny-llava"),
                        Precision.INT8,
                        (part, done, all) -> heard.add(part),
                        Device.cpu());

        assertThat(measurement.weightBytes()).isBetween(849_216L, 2 * 849_216L);
        assertThat(measurement.load()).isPositive();
        assertThat(measurement.firstToken()).isPositive();
        assertThat(heard).contains("vision", "projector", "language", "head");
    }
}
