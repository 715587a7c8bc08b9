package io.sightmill.llava;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightmill.engine.ModelLoadException;
import io.sightmill.llava.PreprocessorConfig.Padding;
import io.sightmill.llava.PreprocessorConfig.Resize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PreprocessorConfigTest {

    @TempDir private Path directory;

    @Test
    void anEmptyFileMeansWhatClipMeans() throws Exception {
        assertThat(read("{}"))
                .isEqualTo(
                        new PreprocessorConfig(
                                Padding.NONE,
                                Resize.SHORTEST_EDGE,
                                224,
                                224,
                                1 / 255.0,
                                List.of(0.48145466, 0.4578275, 0.40821073),
                                List.of(0.26862954, 0.26130258, 0.27577711)));
    }

    @Test
    void everyKeyIsRead() throws Exception {
        PreprocessorConfig config =
                read(
                        """
                        {"size": {"height": 64, "width": 64}, "do_center_crop": false,
                         "rescale_factor": 0.5, "image_mean": [0.1, 0.2, 0.3],
                         "image_std": [1, 2, 3], "do_pad": true, "resample": 3}""");

        assertThat(config)
                .isEqualTo(
                        new PreprocessorConfig(
                                Padding.SQUARE,
                                Resize.EXACT,
                                64,
                                64,
                                0.5,
                                List.of(0.1, 0.2, 0.3),
                                List.of(1.0, 2.0, 3.0)));
    }

    @Test
    void sizesMayBePlainNumbers() throws Exception {
        PreprocessorConfig config = read("{\"size\": 448, \"crop_size\": 336}");

        assertThat(config.resizeSide()).isEqualTo(448);
        assertThat(config.size()).isEqualTo(336);
    }

    @Test
    void flagsSwitchStepsOff() throws Exception {
        PreprocessorConfig config =
                read("{\"do_resize\": false, \"do_rescale\": false, \"do_normalize\": false}");

        assertThat(config.resize()).isEqualTo(Resize.NONE);
        assertThat(config.rescaleFactor()).isEqualTo(1);
        assertThat(config.mean()).containsOnly(0.0);
        assertThat(config.std()).containsOnly(1.0);
    }

    @Test
    void theAuthorsPaddingIsReadFromEitherFile() throws Exception {
        assertThat(read("{\"image_aspect_ratio\": \"pad\"}").padding()).isEqualTo(Padding.SQUARE);
        Files.writeString(directory.resolve("config.json"), "{\"image_aspect_ratio\": \"pad\"}");
        assertThat(read("{}").padding()).isEqualTo(Padding.SQUARE);
        assertThat(read("{\"image_aspect_ratio\": \"square\"}").padding()).isEqualTo(Padding.NONE);
    }

    @Test
    void paddingCanBeForced() throws Exception {
        PreprocessorConfig config = read("{}").withPadding(Padding.SQUARE);

        assertThat(config.padding()).isEqualTo(Padding.SQUARE);
        assertThat(config.background()).containsExactly(122, 116, 104);
    }

    @Test
    void thePublishedFileOfTheReferenceIsRead() {
        PreprocessorConfig config = PreprocessorConfig.read(ReferenceFiles.path("tiny-llava"));

        assertThat(config.resize()).isEqualTo(Resize.SHORTEST_EDGE);
        assertThat(config.resizeSide()).isEqualTo(56);
        assertThat(config.size()).isEqualTo(56);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'resample': 2} | resample is 2 and must be 3 (bicubic)",
                "{'size': 'big'} | size is \"big\"",
                "{'size': {'shortest_edge': 224, 'longest_edge': 500}} | size is {",
                "{'size': 1.5} | size is 1.5",
                "{'crop_size': {'height': 10, 'width': 20}} | crop_size is {",
                "{'crop_size': 0} | size is 0 and must be 1..4096 pixels",
                "{'crop_size': 100000} | size is 100000 and must be 1..4096 pixels",
                "{'size': -1} | resizeSide is -1 and must be 1..4096 pixels",
                "{'do_center_crop': false} | do_center_crop is false and must be true",
                "{'do_rescale': 'yes'} | do_rescale is \"yes\" and must be true or false",
                "{'rescale_factor': 0} | rescaleFactor is 0.0 and must be above 0",
                "{'rescale_factor': 'x'} | rescale_factor is \"x\" and must be a number",
                "{'image_mean': [1, 2]} | image_mean is [1,2] and must be 3 numbers",
                "{'image_mean': [1, 2, 'x']} | image_mean is [1,2,\"x\"] and must be 3 numbers",
                "{'image_std': [1, 0, 1]} | std is [1.0, 0.0, 1.0] and must be 3 numbers above 0",
                "{'image_aspect_ratio': 'anyres'} | image_aspect_ratio is anyres and must be",
                "[] | must hold a JSON object",
                "{ | cannot be read as JSON"
            },
            quoteCharacter = '`')
    void aWrongValueIsNamedWithItsFileAndKey(String json, String message) {
        assertThatThrownBy(() -> read(json.replace('\'', '"')))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("preprocessor_config.json")
                .hasMessageContaining(message);
    }

    @Test
    void aMissingFileIsNamed() {
        assertThatThrownBy(() -> PreprocessorConfig.read(directory))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("preprocessor_config.json is missing");
    }

    private PreprocessorConfig read(String json) throws IOException {
        Files.writeString(directory.resolve("preprocessor_config.json"), json);
        return PreprocessorConfig.read(directory);
    }
}
