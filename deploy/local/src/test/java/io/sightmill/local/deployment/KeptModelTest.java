package io.sightmill.local.deployment;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptModelTest {

    private static final KeptModel FIRST =
            new KeptModel("first", "a".repeat(64), "FLOAT32", "own", "ignored", "cut off");

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
        assertThatCode(
                        () ->
                                new KeptModel(
                                                "moved",
                                                "a".repeat(64),
                                                "FLOAT32",
                                                "own",
                                                "ignored",
                                                "cut off")
                                        .claim(data))
                .doesNotThrowAnyException();
    }

    @Test
    void otherWeightsAreTurnedAwayWithBothNames() {
        KeptModel other =
                new KeptModel("second", "b".repeat(64), "FLOAT32", "own", "ignored", "cut off");

        assertThatThrownBy(() -> other.claim(data))
                .isInstanceOf(DataDirectoryException.class)
                .hasMessageContaining(
                        "belongs to first (weights aaaaaaaaaaaa, FLOAT32, own template)")
                .hasMessageContaining("not to second (weights bbbbbbbbbbbb, FLOAT32, own template)")
                .hasMessageContaining("--data");
    }

    @Test
    void anotherTemplateAsksAnotherQuestion() {
        KeptModel other =
                new KeptModel("first", "a".repeat(64), "FLOAT32", "llava_v1", "ignored", "cut off");

        assertThatThrownBy(() -> other.claim(data)).hasMessageContaining("llava_v1 template");
    }

    @Test
    void anotherPrecisionIsAnotherModel() {
        KeptModel other =
                new KeptModel("first", "a".repeat(64), "BFLOAT16", "own", "ignored", "cut off");

        assertThatThrownBy(() -> other.claim(data)).hasMessageContaining("BFLOAT16");
    }

    @Test
    void picturesTurnedUprightAreOtherPictures() {
        KeptModel other =
                new KeptModel("first", "a".repeat(64), "FLOAT32", "own", "applied", "cut off");

        assertThatThrownBy(() -> other.claim(data)).hasMessageContaining("orientation applied");
    }

    @Test
    void deepGreyThatIsScaledMakesOtherPictures() {
        KeptModel other =
                new KeptModel("first", "a".repeat(64), "FLOAT32", "own", "ignored", "scaled");

        assertThatThrownBy(() -> other.claim(data)).hasMessageContaining("16-bit grey scaled");
    }
}
