package io.sightmill.llava;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightmill.engine.Device;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The generator's checkpoints of every family, loaded and compared with the reference.
 *
 * <p>Recorded with transformers 5.18.0 and torch 2.13.0 on the CPU in float32, eager attention, on
 * the directories that {@link #main} writes. Hugging Face's layout: {@code
 * LlavaForConditionalGeneration} or {@code LlavaNextForConditionalGeneration.from_pretrained(
 * directory, dtype=torch.float32, attn_implementation="eager")}. The authors' layout: {@code
 * CLIPVisionModel.from_pretrained(clip).hidden_states[-2][:, 1:]}, {@code torch.nn.Linear}, or
 * {@code Sequential(Linear, GELU, Linear)}, and {@code LlamaForCausalLM} with {@code
 * inputs_embeds}. Pixels are random; the generated ids are the largest logits, one full forward
 * pass each.
 */
class GeneratedCheckpointTest {

    private static final VisionShape VISION = new VisionShape(42, 14, 32, 2, 3, 64);
    private static final TextShape LLAMA = TextShape.llama(64, 4, 3, 96, 400).withContext(256);
    private static final TextShape MISTRAL =
            new TextShape(TextFamily.MISTRAL, 64, 4, 2, 3, 96, 400, 256, 1e6, OptionalInt.of(12));

    private static final Map<String, CheckpointPlan> PLANS =
            Map.of(
                    "v1",
                    plan(CheckpointFamily.V1, LLAMA, CheckpointLayout.AUTHORS, WeightType.FLOAT16),
                    "v1.5",
                    plan(
                            CheckpointFamily.V1_5,
                            LLAMA,
                            CheckpointLayout.HUGGING_FACE,
                            WeightType.FLOAT16),
                    "next",
                    plan(
                            CheckpointFamily.NEXT,
                            LLAMA,
                            CheckpointLayout.HUGGING_FACE,
                            WeightType.BFLOAT16),
                    "mistral",
                    plan(
                            CheckpointFamily.V1_5,
                            MISTRAL,
                            CheckpointLayout.HUGGING_FACE,
                            WeightType.FLOAT32),
                    "authors",
                    plan(
                            CheckpointFamily.V1_5,
                            LLAMA,
                            CheckpointLayout.AUTHORS,
                            WeightType.BFLOAT16));

    @TempDir private Path directory;

    /** Writes all checkpoints below a directory, for the reference to run. */
    public static void main(String[] arguments) {
        PLANS.forEach((name, plan) -> generate(plan, Path.of(arguments[0], name)));
    }

    // The name, and the SHA-256 of the weights that the figures were made from.
    @ParameterizedTest
    @CsvSource({
        "v1, 263929178f7430f9e4ab68539d60a904773067c9a9fc460d050af795b0228d9f",
        "v1.5, 03c7a53a74574565a376d197ab3ddf04dda318592f664ec305a4205a2044305b",
        "next, ff161e3b4081cf5131a2ec0a4f31390603328ec26d02315666dcf37d53a51e12",
        "mistral, 50b3c8c4b32b238b7c13febf825fb16b0ca8f61117d465afa06430d8bc0895e3",
        "authors, f7eb2e380a54984ad219003a33fee115f1003e5f54c0df01f4d63b8bb31fee2c",
    })
    void equalsTheReference(String name, String sha256) {
        generate(PLANS.get(name), directory);

        Checkpoint checkpoint = Checkpoint.open(directory);
        try (WeightsDigest digest = WeightsDigest.start(checkpoint, LoadMeter.none())) {
            assertThat(digest.await()).isEqualTo(sha256);
        }
        try (GoldenCaseVerifier verifier =
                new GoldenCaseVerifier(directory, Precision.FLOAT32, Device.cpu())) {
            for (String file : new String[] {"case1", "case2"}) {
                Path recorded =
                        ReferenceFiles.path("generated/" + name + "/" + file + ".safetensors");
                GoldenResult result = verifier.verify(recorded);
                assertThat(result.holds()).as(result.toString()).isTrue();
                assertThat(result.idsEqual()).isTrue();
                assertThat(result.projectorDifference()).isPresent();
                assertThat(result.logitsDifference().orElseThrow()).isLessThan(2e-4);
            }
        }
    }

    @Test
    void bothLayoutsHoldTheSameModel() {
        CheckpointPlan authors = PLANS.get("authors");
        CheckpointPlan huggingFace =
                plan(CheckpointFamily.V1_5, LLAMA, CheckpointLayout.HUGGING_FACE, authors.type());
        TokenizerFile tokenizer = TokenizerFile.train(List.of("a"), 400, List.of());

        assertThat(CheckpointTensors.language(authors, tokenizer))
                .extracting(GeneratedTensor::random)
                .isEqualTo(
                        CheckpointTensors.language(huggingFace, tokenizer).stream()
                                .map(GeneratedTensor::random)
                                .toList());
    }

    // Tokenizer, template, image preprocessing and weights fit each other.
    @ParameterizedTest
    @CsvSource({
        "V1, LLAMA, AUTHORS",
        "V1, MISTRAL, AUTHORS",
        "V1_5, LLAMA, HUGGING_FACE",
        "V1_5, LLAMA, AUTHORS",
        "V1_5, MISTRAL, HUGGING_FACE",
        "V1_5, MISTRAL, AUTHORS",
        "NEXT, LLAMA, HUGGING_FACE",
        "NEXT, LLAMA, AUTHORS",
        "NEXT, MISTRAL, HUGGING_FACE",
        "NEXT, MISTRAL, AUTHORS",
    })
    void opensInEveryFamilyAndLayout(
            CheckpointFamily family, TextFamily text, CheckpointLayout layout) {
        generate(plan(family, LLAMA.as(text), layout, WeightType.BFLOAT16), directory);

        try (LlavaModel model =
                LlavaModel.open(
                        directory,
                        Precision.BFLOAT16,
                        Optional.of("llava_v1"),
                        ImageReading.defaults(),
                        Device.cpu())) {
            assertThat(model.description().contextTokens()).isEqualTo(256);
        }
        assertThat(LlavaConfig.read(directory).isTiled())
                .isEqualTo(family == CheckpointFamily.NEXT);
    }

    private static void generate(CheckpointPlan plan, Path directory) {
        new CheckpointGenerator(plan).write(directory, false, bytes -> {});
    }

    private static CheckpointPlan plan(
            CheckpointFamily family, TextShape text, CheckpointLayout layout, WeightType type) {
        return new CheckpointPlan(
                new CheckpointShape(family, VISION, text), layout, type, 7, 200_000);
    }
}
