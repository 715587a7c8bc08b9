package io.sightmill.llava;

import static io.sightmill.llava.Refusal.assertRefused;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sightmill.engine.ModelLoadException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Configurations whose numbers cannot be, or that are no sound JSON. */
class BrokenConfigTest {

    @TempDir private Path directory;
    private CheckpointCopy copy;

    @BeforeEach
    void copyCheckpoint() throws IOException {
        copy = CheckpointCopy.in(directory);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "text_config   | hidden_size             | -128       | hidden_size is -128 and must be",
                "text_config   | hidden_size             | 0          | hidden_size is 0 and must be",
                "text_config   | hidden_size             | 2147483648 | hidden_size is 2147483648",
                "text_config   | hidden_size             | 2147483644 | hidden_size is 2147483644",
                "text_config   | hidden_size             | 130        | hidden_size is 130 and must be a multiple",
                "text_config   | hidden_size             | 1e9        | hidden_size is 1.0E9",
                "text_config   | hidden_size             | \"128\"    | hidden_size is \"128\" and must be an integer",
                "text_config   | num_hidden_layers       | 1000000000 | num_hidden_layers is 1000000000",
                "text_config   | num_attention_heads     | 0          | num_attention_heads is 0",
                "text_config   | num_key_value_heads     | 3          | num_attention_heads is 4 and must be a multiple",
                "text_config   | vocab_size              | -1         | vocab_size is -1",
                "text_config   | max_position_embeddings | 2147483647 | max_position_embeddings is 2147483647",
                "text_config   | rms_norm_eps            | 0          | rms_norm_eps is 0.0",
                "text_config   | rope_theta              | -1         | rope_theta is -1.0",
                "text_config   | model_type              | \"gpt\"    | text_config.model_type is 'gpt'",
                "vision_config | hidden_size             | 66         | hidden_size is 66 and must be a multiple",
                "vision_config | num_hidden_layers       | 1000000000 | num_hidden_layers is 1000000000",
                "vision_config | image_size              | 2147483647 | image_size is 2147483647",
                "vision_config | patch_size              | 0          | patch_size is 0",
                "vision_config | patch_size              | 15         | image_size is 56 and must be a multiple of patch_size",
            })
    void refusesANumberThatCannotBe(String section, String key, String value, String complaint)
            throws IOException {
        copy.edit(
                "config.json", config -> ((ObjectNode) config.get(section)).set(key, json(value)));

        assertRefused(directory, copy.file("config.json").toString(), complaint);
    }

    @Test
    void refusesAnImageTokenOutsideTheVocabulary() throws IOException {
        copy.edit("config.json", config -> config.put("image_token_index", 512));

        assertRefused(directory, "image_token_index is 512, but the model knows tokens 0..511");
    }

    @Test
    void refusesAConfigurationWithoutImageTokenWhereTheUsualOneDoesNotFit() throws IOException {
        copy.edit("config.json", config -> config.remove("image_token_index"));

        assertRefused(directory, "image_token_index is 32000 where none is given", "tokens 0..511");
    }

    @Test
    void refusesATokenizerWithAnotherImageToken() throws IOException {
        copy.edit("config.json", config -> config.put("image_token_index", 499));

        assertRefused(directory, "tokenizer.json gives <image> the id 500", "is 499");
    }

    @Test
    void refusesATokenizerWithMoreTokensThanTheEmbeddingHasRows() throws IOException {
        copy.edit(
                "tokenizer.json",
                tokenizer -> ((ObjectNode) tokenizer.get("added_tokens").get(0)).put("id", 600));

        assertRefused(directory, "tokenizer.json has token id 600", "vocab_size", "512");
    }

    /** The tokenizer's own check knows no number of rows then. */
    @Test
    void refusesSuchATokenizerWhereTheNumberOfRowsIsTheDefault() throws IOException {
        copy.edit(
                "config.json",
                config -> ((ObjectNode) config.get("text_config")).remove("vocab_size"));
        copy.edit(
                "tokenizer.json",
                tokenizer -> ((ObjectNode) tokenizer.get("added_tokens").get(0)).put("id", 32_000));

        assertRefused(directory, "token ids up to 32000", "0..31999 (vocab_size");
    }

    @Test
    void refusesAFileOfAGigabyte() throws IOException {
        try (RandomAccessFile file =
                new RandomAccessFile(copy.file("config.json").toFile(), "rw")) {
            file.setLength(1L << 30);
        }

        assertRefused(directory, "config.json has more than 67108864 bytes");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "config.json",
                "preprocessor_config.json",
                "tokenizer.json",
                CheckpointCopy.INDEX
            })
    void refusesAMillionBracketsWithoutAStackOverflow(String name) throws IOException {
        Files.writeString(copy.file(name), "{\"a\":" + "[".repeat(1_000_000));

        assertRefused(directory, name + " cannot be read as JSON", "nesting depth");
    }

    @Test
    void refusesAKeyThatComesTwice() throws IOException {
        String config = Files.readString(copy.file("config.json"));
        Files.writeString(
                copy.file("config.json"),
                config.replaceFirst("\\{", "{\"model_type\": \"llava\","));

        assertRefused(directory, "config.json cannot be read as JSON", "Duplicate", "'model_type'");
    }

    @Test
    void refusesTextThatIsNotUtf8() throws IOException {
        String config = Files.readString(copy.file("config.json"));
        Files.writeString(
                copy.file("config.json"),
                config.replace("random/tiny", "r\u00e4ndom"),
                StandardCharsets.ISO_8859_1);

        assertRefused(directory, "config.json cannot be read as JSON: it is not UTF-8");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "[]", "3", "\"text\"", "{", "{} {}", "{\"a\": NaN}"})
    void refusesWhatIsNoSingleObject(String text) throws IOException {
        Files.writeString(copy.file("config.json"), text);

        assertRefused(directory, "config.json");
    }

    @Test
    void repeatsNoMoreThanALineOfAHostileValue() throws IOException {
        copy.edit("config.json", config -> config.put("model_type", "x\n".repeat(1 << 20)));

        assertRefused(directory, "config.json: model_type is 'x");
    }

    @Test
    void saysHowMuchMemoryIsNeededAndHowMuchThereIs() {
        LlavaConfig config = LlavaConfig.read(directory);

        assertThatThrownBy(
                        () ->
                                MachineMemory.check(
                                        copy.file("config.json"),
                                        ModelMemory.weightBytes(
                                                DeclaredWeights.of(config), Precision.BFLOAT16),
                                        Precision.BFLOAT16,
                                        1 << 20,
                                        Complaints.thrown()))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContainingAll(
                        "config.json asks for",
                        "MiB of weights in BFLOAT16",
                        "this machine has 1.0 MiB");
    }

    /** The file is sparse: its terabytes of zeros take no room on the disk. */
    @Test
    void refusesAModelBeyondThisMachinesMemoryBeforeItIsAllocated() throws IOException {
        SparseCheckpoint.enlarge(copy, 32_768, 131_072);

        assertRefused(
                directory, "config.json asks for", "of weights in FLOAT32", "this machine has");
    }

    private static JsonNode json(String value) {
        try {
            return new ObjectMapper().readTree(value);
        } catch (IOException e) {
            throw new IllegalArgumentException(value, e);
        }
    }
}
