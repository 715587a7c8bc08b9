package io.sightmill.llava;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The keys that published checkpoints have and leave out.
 *
 * <p>Expected values of the Hugging Face ones are what {@code LlavaConfig.from_dict} and {@code
 * LlavaNextConfig.from_dict} of transformers 5.18.0 make of the same keys.
 */
class PublishedConfigTest {

    private static final String CLIP =
            """
            {"hidden_size": 1024, "image_size": 336, "intermediate_size": 4096,
             "model_type": "clip_vision_model", "num_attention_heads": 16,
             "num_hidden_layers": 24, "patch_size": 14, "projection_dim": 768,
             "vocab_size": 32000}""";

    private static final VisionConfig LARGE = new VisionConfig(1024, 4096, 24, 16, 336, 14, 1e-5);

    @TempDir private Path directory;

    // llava-hf/llava-1.5-7b-hf: hidden_size and the like are LlamaConfig's defaults.
    @Test
    void llava15With7Billion() throws IOException {
        LlavaConfig config =
                read(
                        """
                        {"architectures": ["LlavaForConditionalGeneration"], "ignore_index": -100,
                         "image_token_index": 32000, "model_type": "llava", "pad_token_id": 32001,
                         "projector_hidden_act": "gelu", "tie_word_embeddings": false,
                         "text_config": {"architectures": ["LlamaForCausalLM"],
                            "max_position_embeddings": 4096, "model_type": "llama",
                            "rms_norm_eps": 1e-05, "torch_dtype": "float16", "vocab_size": 32064},
                         "torch_dtype": "float16", "transformers_version": "4.36.0.dev0",
                         "vision_config": %s, "vision_feature_layer": -2,
                         "vision_feature_select_strategy": "default", "vocab_size": 32064}"""
                                .formatted(CLIP));

        assertThat(config.vision()).isEqualTo(LARGE);
        assertThat(config.text()).isEqualTo(llama(4096, 11_008, 32, 32, 32, 32_064, 10_000));
        assertThat(config.projector())
                .isEqualTo(new ProjectorConfig(CheckpointLayout.HUGGING_FACE, 2, true));
        assertThat(config.visionLayersRun()).isEqualTo(23);
        assertThat(config.imageLayout().tokensPerTile()).isEqualTo(576);
    }

    // The text_config that both llava-1.5-13b-hf and llava-v1.6-vicuna-13b-hf have.
    @ParameterizedTest
    @ValueSource(strings = {"llava", "llava_next"})
    void vicunaWith13Billion(String modelType) throws IOException {
        LlavaConfig config =
                read(
                        """
                        {"image_token_index": 32000, "model_type": "%s",
                         "text_config": {"hidden_size": 5120, "intermediate_size": 13824,
                            "max_length": 4096, "max_position_embeddings": 4096,
                            "model_type": "llama", "num_attention_heads": 40,
                            "num_hidden_layers": 40, "num_key_value_heads": 40, "pad_token_id": 0,
                            "rms_norm_eps": 1e-05, "torch_dtype": "float16", "vocab_size": 32064},
                         "use_image_newline_parameter": true, "vision_config": %s}"""
                                .formatted(modelType, CLIP));

        assertThat(config.text()).isEqualTo(llama(5120, 13_824, 40, 40, 40, 32_064, 10_000));
        assertThat(config.isTiled()).isEqualTo(modelType.equals("llava_next"));
    }

    // llava-hf/llava-v1.6-34b-hf: Yi, a llama with grouped queries and another base.
    @Test
    void next34Billion() throws IOException {
        LlavaConfig config =
                read(
                        """
                        {"image_token_index": 64000, "model_type": "llava_next",
                         "image_grid_pinpoints": [[336, 672], [672, 336], [672, 672], [1008, 336],
                            [336, 1008]],
                         "text_config": {"eos_token_id": 7, "hidden_size": 7168,
                            "intermediate_size": 20480, "max_position_embeddings": 4096,
                            "model_type": "llama", "num_attention_heads": 56,
                            "num_hidden_layers": 60, "num_key_value_heads": 8, "pad_token_id": 0,
                            "rms_norm_eps": 1e-05, "rope_theta": 5000000.0,
                            "torch_dtype": "bfloat16", "use_cache": false, "vocab_size": 64064},
                         "use_image_newline_parameter": true, "vision_config": %s}"""
                                .formatted(CLIP));

        assertThat(config.text()).isEqualTo(llama(7168, 20_480, 60, 56, 8, 64_064, 5e6));
        assertThat(config.eosTokenIds()).isEqualTo(Set.of(7));
        assertThat(config.imageTokenId()).isEqualTo(64_000);
    }

    // The same model as new releases write it: dtype, rope_parameters, a layer in a list, and the
    // image token under its new name.
    @Test
    void whatNewReleasesWrite() throws IOException {
        LlavaConfig config =
                read(
                        """
                        {"dtype": "float16", "image_token_id": 32000, "model_type": "llava_next",
                         "text_config": {"dtype": "float16", "head_dim": 128,
                            "max_position_embeddings": 4096, "model_type": "llama",
                            "rms_norm_eps": 1e-05, "vocab_size": 32064, "rope_parameters":
                                {"rope_theta": 10000.0, "rope_type": "default"}},
                         "vision_config": %s, "vision_feature_layer": [-2]}"""
                                .formatted(CLIP));

        assertThat(config.text()).isEqualTo(llama(4096, 11_008, 32, 32, 32, 32_064, 10_000));
        assertThat(config.visionLayersRun()).isEqualTo(23);
        assertThat(config.imageTokenId()).isEqualTo(32_000);
    }

    @Test
    void aVisionTowerThatSaysNothingHasTheDefaultsOfClip() throws IOException {
        LlavaConfig config =
                read(
                        """
                        {"model_type": "llava",
                         "vision_config": {"model_type": "clip_vision_model"}}""");

        assertThat(config.vision()).isEqualTo(new VisionConfig(768, 3072, 12, 12, 224, 32, 1e-5));
    }

    @Test
    void noVisionTowerAtAllIsThatOfTheLargeLlava() throws IOException {
        assertThat(read("{\"model_type\": \"llava\"}").vision()).isEqualTo(LARGE);
    }

    // A first LLaVA, with what its files leave out: projector type, selection, positions.
    @Test
    void theAuthorsFirst() throws IOException {
        LlavaConfig config =
                read(
                        """
                        {"architectures": ["LlavaLlamaForCausalLM"], "bos_token_id": 1,
                         "eos_token_id": 2, "hidden_act": "silu", "hidden_size": 4096,
                         "intermediate_size": 11008, "max_sequence_length": 2048,
                         "mm_hidden_size": 1024, "mm_use_im_start_end": true,
                         "mm_vision_select_layer": -2,
                         "mm_vision_tower": "openai/clip-vit-large-patch14",
                         "model_type": "llava", "num_attention_heads": 32,
                         "num_hidden_layers": 32, "pad_token_id": 0, "rms_norm_eps": 1e-05,
                         "sep_image_conv_front": false, "tie_word_embeddings": false,
                         "torch_dtype": "float16", "use_mm_proj": true, "vocab_size": 32003}""");

        assertThat(config.vision()).isEqualTo(new VisionConfig(1024, 4096, 24, 16, 224, 14, 1e-5));
        assertThat(config.projector())
                .isEqualTo(new ProjectorConfig(CheckpointLayout.AUTHORS, 1, true));
        assertThat(config.framesImages()).isTrue();
        assertThat(config.text().contextTokens()).isEqualTo(2048);
        assertThat(config.imageLayout().tokensPerTile()).isEqualTo(256);
        assertThat(PreprocessorConfig.read(directory).padding())
                .isEqualTo(PreprocessorConfig.Padding.NONE);
    }

    // liuhaotian/llava-v1.5-7b
    @Test
    void theAuthors15() throws IOException {
        LlavaConfig config =
                read(
                        """
                        {"architectures": ["LlavaLlamaForCausalLM"], "hidden_size": 4096,
                         "freeze_mm_mlp_adapter": false, "image_aspect_ratio": "pad",
                         "image_grid_pinpoints": null, "intermediate_size": 11008,
                         "max_position_embeddings": 4096, "mm_hidden_size": 1024,
                         "mm_projector_type": "mlp2x_gelu", "mm_resampler_type": null,
                         "mm_use_im_patch_token": false, "mm_use_im_start_end": false,
                         "mm_vision_select_feature": "patch", "mm_vision_select_layer": -2,
                         "mm_vision_tower": "openai/clip-vit-large-patch14-336",
                         "model_type": "llava", "num_attention_heads": 32,
                         "num_hidden_layers": 32, "num_key_value_heads": 32, "pretraining_tp": 1,
                         "rms_norm_eps": 1e-05, "rope_scaling": null,
                         "tie_word_embeddings": false, "tokenizer_model_max_length": 2048,
                         "tokenizer_padding_side": "right", "unfreeze_mm_vision_tower": false,
                         "use_mm_proj": true, "vocab_size": 32000}""");

        assertThat(config.vision()).isEqualTo(LARGE);
        assertThat(config.projector().layers()).isEqualTo(2);
        assertThat(config.text().contextTokens()).isEqualTo(2048);
        assertThat(config.isTiled()).isFalse();
        assertThat(PreprocessorConfig.read(directory).padding())
                .isEqualTo(PreprocessorConfig.Padding.SQUARE);
    }

    // liuhaotian/llava-v1.6-mistral-7b
    @Test
    void theAuthors16() throws IOException {
        LlavaConfig config =
                read(
                        """
                        {"architectures": ["LlavaMistralForCausalLM"], "hidden_size": 4096,
                         "image_aspect_ratio": "anyres", "image_crop_resolution": 224,
                         "image_grid_pinpoints": [[336, 672], [672, 336], [672, 672], [1008, 336],
                            [336, 1008]],
                         "image_split_resolution": 224, "intermediate_size": 14336,
                         "max_position_embeddings": 32768, "mm_hidden_size": 1024,
                         "mm_patch_merge_type": "spatial_unpad", "mm_projector_lr": null,
                         "mm_projector_type": "mlp2x_gelu", "mm_vision_select_feature": "patch",
                         "mm_vision_select_layer": -2,
                         "mm_vision_tower": "openai/clip-vit-large-patch14-336",
                         "mm_vision_tower_lr": 2e-06, "model_type": "llava_mistral",
                         "num_attention_heads": 32, "num_hidden_layers": 32,
                         "num_key_value_heads": 8, "rms_norm_eps": 1e-05,
                         "rope_theta": 1000000.0, "sliding_window": null,
                         "tie_word_embeddings": false, "tokenizer_model_max_length": 4096,
                         "unfreeze_mm_vision_tower": true, "vocab_size": 32000}""");

        assertThat(config.text().contextTokens()).isEqualTo(4096);
        assertThat(config.text().keyValueHeads()).isEqualTo(8);
        assertThat(config.text().slidingWindow()).isEmpty();
        // Each pair turned around, so in this order.
        assertThat(config.resolutions())
                .containsExactlyElementsOf(
                        List.of(
                                new Resolution(672, 336),
                                new Resolution(336, 672),
                                new Resolution(672, 672),
                                new Resolution(336, 1008),
                                new Resolution(1008, 336)));
    }

    private static TextConfig llama(
            int hidden,
            int inner,
            int layers,
            int heads,
            int groups,
            int vocabulary,
            double theta) {
        return new TextConfig(
                hidden,
                inner,
                layers,
                heads,
                groups,
                128,
                vocabulary,
                4096,
                1e-5,
                new RotaryConfig(theta, new RotaryScaling.None()),
                false,
                false,
                false,
                OptionalInt.empty());
    }

    private LlavaConfig read(String json) throws IOException {
        Files.writeString(directory.resolve("config.json"), json);
        return LlavaConfig.read(directory);
    }
}
