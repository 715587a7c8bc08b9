package io.sightmill.llava;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightmill.engine.ModelLoadException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WeightIndexTest {

    @TempDir private Path directory;

    @Test
    void namesEachShardOnce() throws IOException {
        Path file =
                write(
                        """
                        {"weight_map": {"b": "2.safetensors", "a": "1.safetensors",
                                        "c": "2.safetensors"}}""");

        assertThat(WeightIndex.read(file).shardNames())
                .containsExactly("1.safetensors", "2.safetensors");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"weight_map\": {}}",
                "{\"weight_map\": [\"1.safetensors\"]}",
                "{\"weight_map\": \"1.safetensors\"}"
            })
    void refusesAnIndexOfNothing(String json) throws IOException {
        Path file = write(json);

        assertThatThrownBy(() -> WeightIndex.read(file))
                .isInstanceOf(ModelLoadException.class)
                .hasMessage(file + " names no file in its weight_map");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"/etc/x.safetensors\"",
                "\"../x.safetensors\"",
                "\"..\\\\x.safetensors\"",
                "\"x\\u0000.safetensors\"",
                "\"pytorch_model.bin\"",
                "\"\"",
                "7"
            })
    void refusesANameThatIsNoWeightFileBeside(String name) throws IOException {
        Path file = write("{\"weight_map\": {\"a\": %s}}".formatted(name));

        assertThatThrownBy(() -> WeightIndex.read(file))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("which is no safetensors file beside it");
    }

    private Path write(String json) throws IOException {
        return Files.writeString(directory.resolve(WeightIndex.FILE), json);
    }
}
