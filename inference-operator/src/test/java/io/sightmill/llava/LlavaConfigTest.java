package io.sightmill.llava;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightmill.engine.ModelLoadException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LlavaConfigTest {

    @TempDir private Path directory;

    @Test
    void readsWhatOldReleasesWrite() {
        LlavaConfig config = LlavaConfig.read(ReferenceFiles.path("tiny-llava"));

        assertThat(config)
                .isEqualTo(
                        new LlavaConfig(
                                new VisionConfig(64, 128, 3, 4, 56, 14, 1e-5),
                                new TextConfig(
                                        128,
                                        352,
                                        3,
                                        4,
                                        2,
                                        32,
                                        512,
                                        4096,
                                        1e-5,
                                        RotaryConfig.unscaled(),
                                        false,
                                        false,
                                        false,
                                        OptionalInt.empty()),
                                500,
                                Set.of(2),
                                List.of(-2),
                                false,
                                new ProjectorConfig(CheckpointLayout.HUGGING_FACE, 2, true),
                                List.of(),
                                false));
        assertThat(config.visionLayersRun()).isEqualTo(2);
        assertThat(config.imageLayout().tokensPerTile()).isEqualTo(16);
    }

    @Test
    void readsTheSameFromWhatNewReleasesWrite() {
        assertThat(LlavaConfig.read(ReferenceFiles.path("tiny-llava-v5")))
                .isEqualTo(LlavaConfig.read(ReferenceFiles.path("tiny-llava")));
    }

    @Test
    void fillsWhatPublishedCheckpointsLeaveOut() throws IOException {
        write(
                """
                {"model_type": "llava", "image_token_index": 32000,
                 "text_config": {"model_type": "llama", "max_position_embeddings": 4096,
                                 "rms_norm_eps": 1e-05, "vocab_size": 32064}}""");

        LlavaConfig config = LlavaConfig.read(directory);

        assertThat(config.text())
                .isEqualTo(
                        new TextConfig(
                                4096,
                                11_008,
                                32,
                                32,
                                32,
                                128,
                                32_064,
                                4096,
                                1e-5,
                                RotaryConfig.unscaled(),
                                false,
                                false,
                                false,
                                OptionalInt.empty()));
        assertThat(config.vision()).isEqualTo(new VisionConfig(1024, 4096, 24, 16, 336, 14, 1e-5));
        assertThat(config.imageLayout().tokensPerTile()).isEqualTo(576);
        assertThat(config.visionLayersRun()).isEqualTo(23);
    }

    // text_config of llava-v1.6-mistral-7b-hf, as published
    @Test
    void fillsWhatPublishedMistralCheckpointsLeaveOut() throws IOException {
        write(
                """
                {"model_type": "llava",
                 "text_config": {"model_type": "mistral", "max_position_embeddings": 32768,
                                 "rms_norm_eps": 1e-05, "rope_theta": 1000000.0,
                                 "sliding_window": null, "vocab_size": 32064}}""");

        assertThat(LlavaConfig.read(directory).text())
                .isEqualTo(
                        new TextConfig(
                                4096,
                                14_336,
                                32,
                                32,
                                8,
                                128,
                                32_064,
                                32_768,
                                1e-5,
                                new RotaryConfig(1e6, new RotaryScaling.None()),
                                false,
                                false,
                                false,
                                OptionalInt.empty()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"model_type\": \"mistral\"                             | 4096",
                "\"model_type\": \"mistral\", \"sliding_window\": 24     | 24",
                "\"model_type\": \"mistral\", \"sliding_window\": null   | 131072",
                "\"model_type\": \"llama\", \"sliding_window\": 24       | 2048",
            })
    void attendsAsFarBackAsTheFamilyAndItsWindowSay(String members, int window) throws IOException {
        write("{\"model_type\": \"llava\", \"text_config\": {" + members + "}}");

        assertThat(LlavaConfig.read(directory).text().attentionWindow()).isEqualTo(window);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"rope_theta\": 5e5, \"rope_scaling\": {\"type\": %s}",
                "\"rope_theta\": 5e5, \"rope_scaling\": {\"rope_type\": %s}",
                "\"rope_parameters\": {\"rope_theta\": 5e5, \"rope_type\": %s}",
            })
    void readsRotaryScalingInEverySpelling(String spelling) throws IOException {
        assertThat(rotary(spelling, "\"default\"")).isEqualTo(new RotaryScaling.None());
        assertThat(rotary(spelling, "\"linear\", \"factor\": 4"))
                .isEqualTo(new RotaryScaling.Linear(4));
        assertThat(rotary(spelling, "\"dynamic\", \"factor\": 2.5"))
                .isEqualTo(new RotaryScaling.Dynamic(2.5));
        String llama3 =
                "\"llama3\", \"factor\": 8, \"low_freq_factor\": 1, \"high_freq_factor\": 4,"
                        + " \"original_max_position_embeddings\": 8192";
        assertThat(rotary(spelling, llama3)).isEqualTo(new RotaryScaling.Llama3(8, 1, 4, 8192));
    }

    private RotaryScaling rotary(String spelling, String type) throws IOException {
        write("{\"model_type\": \"llava\", \"text_config\": {" + spelling.formatted(type) + "}}");
        RotaryConfig rotary = LlavaConfig.read(directory).text().rotary();
        assertThat(rotary.theta()).isEqualTo(5e5);
        return rotary.scaling();
    }

    @Test
    void takesEveryEndTokenOfTheGenerationConfiguration() throws IOException {
        write("{\"model_type\": \"llava\"}");
        Files.writeString(
                directory.resolve("generation_config.json"), "{\"eos_token_id\": [2, 7]}");

        assertThat(LlavaConfig.read(directory).eosTokenIds()).containsExactlyInAnyOrder(2, 7);
    }

    @Test
    void readsTheResolutionsOfNextAsHeightAndWidth() {
        LlavaConfig config = LlavaConfig.read(ReferenceFiles.path("next"));

        assertThat(config.resolutions())
                .containsExactly(
                        new Resolution(56, 112),
                        new Resolution(112, 56),
                        new Resolution(112, 112),
                        new Resolution(168, 56),
                        new Resolution(56, 168));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[]",
                "{}",
                "7",
                "[[336, \"672\"]]",
                "[[336]]",
                "[[336, 500]]",
                "[[0, 336]]",
                "[[336, 100000]]"
            })
    void namesResolutionsThatAreNone(String value) throws IOException {
        write("{\"model_type\": \"llava_next\", \"image_grid_pinpoints\": " + value + "}");

        assertThatThrownBy(() -> LlavaConfig.read(directory))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("config.json")
                .hasMessageContaining("image_grid_pinpoints");
    }

    @Test
    void refusesTheFullSelectionForNext() throws IOException {
        write("{\"model_type\": \"llava_next\", \"vision_feature_select_strategy\": \"full\"}");

        assertThatThrownBy(() -> LlavaConfig.read(directory))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("vision_feature_select_strategy is 'full'");
    }

    @Test
    void keepsTheClassPositionWhereTheStrategyIsFull() throws IOException {
        write("{\"model_type\": \"llava\", \"vision_feature_select_strategy\": \"full\"}");

        assertThat(LlavaConfig.read(directory).imageLayout().tokensPerTile()).isEqualTo(577);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"text_config\": {\"hidden_size\": 0}                 | text_config.hidden_size is 0",
                "\"text_config\": {\"hidden_size\": \"4096\"}          | text_config.hidden_size is \"4096\"",
                "\"text_config\": {\"hidden_size\": 99999999999}       | text_config.hidden_size is 99999999999",
                "\"text_config\": {\"num_hidden_layers\": 2000000000}  | text_config.num_hidden_layers is 2000000000",
                "\"text_config\": {\"num_attention_heads\": 33}        | multiple of num_attention_heads, 33",
                "\"text_config\": {\"num_attention_heads\": 0}         | text_config.num_attention_heads is 0",
                "\"text_config\": {\"num_key_value_heads\": 5}         | multiple of num_key_value_heads, 5",
                "\"text_config\": {\"rms_norm_eps\": -1}               | text_config.rms_norm_eps is -1",
                "\"text_config\": {\"model_type\": \"mpt\"}            | text_config.model_type is 'mpt'",
                "\"text_config\": {\"model_type\": \"mistral\", \"sliding_window\": 0} | text_config.sliding_window is 0",
                "\"text_config\": {\"model_type\": \"mistral\", \"mlp_bias\": true}    | text_config.mlp_bias is true",
                "\"text_config\": {\"partial_rotary_factor\": 0.5}   | text_config.partial_rotary_factor is 0.5",
                "\"text_config\": {\"hidden_act\": \"gelu\"}           | text_config.hidden_act is 'gelu'",
                "\"text_config\": {\"rope_parameters\": {\"rope_type\": \"yarn\"}} | text_config.rope_parameters.rope_type is 'yarn'",
                "\"text_config\": {\"rope_scaling\": {\"type\": \"longrope\"}}    | text_config.rope_scaling.type is 'longrope'",
                "\"text_config\": {\"rope_scaling\": {\"type\": \"linear\"}}      | text_config.rope_scaling.factor is null",
                "\"text_config\": {\"rope_scaling\": {\"type\": \"dynamic\", \"factor\": -2}} | text_config.rope_scaling.factor is -2.0",
                "\"text_config\": {\"rope_theta\": 0}               | text_config.rope_theta is 0.0",
                "\"text_config\": []                                   | text_config is []",
                "\"vision_config\": {\"patch_size\": 15}               | multiple of patch_size, 15",
                "\"vision_config\": {\"model_type\": \"siglip\"}       | vision_config.model_type is 'siglip'",
                "\"vision_feature_layer\": -26                         | vision_feature_layer is -26",
                "\"vision_feature_layer\": [-2, -26]                   | vision_feature_layer is -26",
                "\"vision_feature_layer\": []                          | vision_feature_layer entries is 0",
                "\"vision_feature_layer\": [\"last\"]                  | vision_feature_layer is [\"last\"]",
                "\"vision_feature_select_strategy\": \"cls\"           | vision_feature_select_strategy is 'cls'",
                "\"projector_hidden_act\": \"relu\"                    | projector_hidden_act is 'relu'",
                "\"image_token_index\": -1                             | image_token_index is -1",
            })
    void namesFileKeyAndValueOfWhatIsWrong(String member, String complaint) throws IOException {
        write("{\"model_type\": \"llava\", " + member + "}");

        assertThatThrownBy(() -> LlavaConfig.read(directory))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContainingAll(directory.resolve("config.json").toString(), complaint);
    }

    private void write(String json) throws IOException {
        Files.writeString(directory.resolve("config.json"), json);
    }
}
