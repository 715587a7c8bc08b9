package io.sightmill.local.deployment;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptModelTest {

    private static final KeptModel FIRST = new KeptModel("first", "a".repeat(64), "FLOAT32");

    @TempDir private Path directory;
    private DataDirectory data;

    @BeforeEach
    void theFirstModelHasTheDirectory() {
        data = new DataDirectory(directory);
        FIRST.claim(data);
    }

    @Test
    void theSameWeightsAreLetInUnderAnyName() {
        assertThatCode(() -> FIRST.claim(data)).doesNotThrowAnyException();
        assertThatCode(() -> new KeptModel("moved", "a".repeat(64), "FLOAT32").claim(data))
                .doesNotThrowAnyException();
    }

    @Test
    void otherWeightsAreTurnedAwayWithBothNames() {
        KeptModel other = new KeptModel("second", "b".repeat(64), "FLOAT32");

        assertThatThrownBy(() -> other.claim(data))
                .isInstanceOf(DataDirectoryException.class)
                .hasMessageContaining("belongs to first (weights aaaaaaaaaaaa, FLOAT32)")
                .hasMessageContaining("not to second (weights bbbbbbbbbbbb, FLOAT32)")
                .hasMessageContaining("--data");
    }

    @Test
    void anotherPrecisionIsAnotherModel() {
        KeptModel other = new KeptModel("first", "a".repeat(64), "BFLOAT16");

        assertThatThrownBy(() -> other.claim(data)).hasMessageContaining("BFLOAT16");
    }
}
