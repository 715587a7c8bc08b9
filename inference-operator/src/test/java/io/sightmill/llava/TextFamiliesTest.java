package io.sightmill.llava;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import io.sightmill.engine.Device;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Text models beside LLaMA as LLaVA-1.5 has it: Mistral with a window of 24 positions, and a LLaMA
 * with biases, tied embeddings and scaled rotary frequencies on the vision tower's last layer, the
 * class position kept.
 *
 * <p>The figures are those of transformers 5.18 on PyTorch 2.13, {@code
 * LlavaForConditionalGeneration.from_pretrained(directory, dtype=torch.float32,
 * attn_implementation="eager")}: {@code model(input_ids=..., pixel_values=...)} and 16 greedy steps
 * on its cache. Those in {@code half-frequencies} come from a model whose rotary frequencies had
 * been rounded to float16: the same library gives them after {@code rotary_emb.inv_freq =
 * rotary_emb.inv_freq.half().float()}.
 */
class TextFamiliesTest {

    private static final int[] PROMPT =
            IntStream.range(0, 70).map(i -> i == 0 ? 1 : 3 + (i * 37) % 480).toArray();

    @ParameterizedTest
    @CsvSource({
        "mistral, case1", "mistral, case2", "mistral, case3", "mistral, case4",
        "alt, case1", "alt, case2", "alt, case3", "alt, case4"
    })
    void equalsTheReferenceInFloat32(String family, String name) {
        Path directory = ReferenceFiles.path("families/" + family);
        try (GoldenCaseVerifier verifier =
                new GoldenCaseVerifier(directory, Precision.FLOAT32, Device.cpu())) {
            assertHolds(verifier.verify(directory.resolve(name + ".safetensors")));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "mistral, case1", "mistral, case2", "mistral, case3", "mistral, case4",
        "alt, case1", "alt, case2", "alt, case3", "alt, case4"
    })
    void equalsAReferenceWhoseFrequenciesWereRoundedToFloat16(String family, String name) {
        Path directory = ReferenceFiles.path("families/" + family);
        LlavaNetwork network =
                LlavaNetwork.open(
                        withHalfFrequencies(LlavaConfig.read(directory)),
                        Checkpoint.open(directory),
                        Precision.FLOAT32,
                        Device.cpu());
        try (GoldenCaseVerifier verifier = new GoldenCaseVerifier(network, Precision.FLOAT32)) {
            Path file = directory.resolve("half-frequencies").resolve(name + ".safetensors");
            assertHolds(verifier.verify(file));
        }
    }

    // Chunks shorter than the window, of its very length, and longer: each border has its own mask.
    @ParameterizedTest
    @ValueSource(ints = {1, 7, 23, 24, 25, 48, 69})
    void aWindowedPromptGivesInChunksWhatItGivesWhole(int chunkTokens) {
        try (LlavaNetwork network = mistral(Precision.FLOAT32);
                NDManager scope = network.newScope()) {
            float[][] whole = prefill(network.language(), PROMPT.length, scope);

            float[][] chunked = prefill(network.language(), chunkTokens, scope);

            for (int position = 0; position < PROMPT.length; position++) {
                assertThat(chunked[position])
                        .as("position %d", position)
                        .containsExactly(whole[position], within(5e-5f));
            }
        }
    }

    @Test
    void aDecodedTokenSeesTheSameWindowAsAPrefilledOne() {
        try (LlavaNetwork network = mistral(Precision.FLOAT32);
                NDManager scope = network.newScope();
                KvPool pool = network.language().newPool();
                KvCache cache = pool.newCache(PROMPT.length)) {
            float[][] whole = prefill(network.language(), PROMPT.length, scope);

            for (int position = 0; position < PROMPT.length; position++) {
                int[] id = {PROMPT[position]};
                int[] at = {position};
                float[] decoded = network.language().decode(id, at, List.of(cache), scope)[0];
                assertThat(decoded)
                        .as("position %d", position)
                        .containsExactly(whole[position], within(5e-5f));
            }
        }
    }

    // Three layers, each reaching 23 positions back beside its own: position 69 is the last to hear
    // of position 0.
    @Test
    void aTokenBehindTheWindowsOfAllLayersChangesNothing() {
        int[] prompt = Arrays.copyOf(PROMPT, 72);
        int[] changed = prompt.clone();
        changed[0] = 300;
        try (LlavaNetwork network = mistral(Precision.FLOAT32);
                NDManager scope = network.newScope()) {
            float[][] before = prefill(network.language(), prompt, 72, scope);
            float[][] after = prefill(network.language(), changed, 72, scope);

            assertThat(after[69]).isNotEqualTo(before[69]);
            assertThat(after[70]).isEqualTo(before[70]);
        }
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void aWindowedSequenceHasTheSameBitsAloneAndWithMates(Precision precision) {
        try (LlavaNetwork network = mistral(precision);
                NDManager scope = network.newScope()) {
            int[] lengths = {3, 24, 50, 68};
            float[][] alone = new float[lengths.length][];
            for (int i = 0; i < lengths.length; i++) {
                alone[i] = decode(network.language(), new int[] {lengths[i]}, scope)[0];
            }

            float[][] together = decode(network.language(), lengths, scope);

            for (int i = 0; i < lengths.length; i++) {
                assertThat(together[i]).as("row %d", i).isEqualTo(alone[i]);
            }
        }
    }

    private static void assertHolds(GoldenResult result) {
        assertThat(result.holds()).as(result.toString()).isTrue();
        assertThat(result.idsEqual()).isTrue();
        assertThat(result.projectorDifference().orElseThrow()).isLessThan(2e-4);
        assertThat(result.logitsDifference().orElseThrow()).isLessThan(2e-4);
        assertThat(result.generatedLogitsDifference().orElseThrow()).isLessThan(2e-4);
    }

    private static LlavaConfig withHalfFrequencies(LlavaConfig config) {
        return new LlavaConfig(
                config.vision(),
                withHalfFrequencies(config.text()),
                config.imageTokenId(),
                config.eosTokenIds(),
                config.visionFeatureLayers(),
                config.keepsClassPosition(),
                config.projector(),
                config.resolutions(),
                config.framesImages());
    }

    private static TextConfig withHalfFrequencies(TextConfig text) {
        RotaryScaling scaling = text.rotary().scaling();
        return new TextConfig(
                text.hiddenSize(),
                text.intermediateSize(),
                text.layers(),
                text.heads(),
                text.keyValueHeads(),
                text.headWidth(),
                text.vocabularySize(),
                text.contextTokens(),
                text.rmsNormEps(),
                new RotaryConfig(text.rotary().theta(), plain -> halves(scaling.apply(plain))),
                text.attentionBias(),
                text.mlpBias(),
                text.tiedEmbeddings(),
                text.slidingWindow());
    }

    /** The nearest halves of values from 0 to 1. */
    private static float[] halves(float[] values) {
        float[] rounded = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            int bits = HalfFloat.of(values[i]);
            int exponent = Math.max(bits >> 10, 1);
            int mantissa = bits - (exponent - 1 << 10);
            rounded[i] = Math.scalb((float) mantissa, exponent - 25);
        }
        return rounded;
    }

    private static LlavaNetwork mistral(Precision precision) {
        return LlavaNetwork.open(ReferenceFiles.path("families/mistral"), precision, Device.cpu());
    }

    private static float[][] prefill(LanguageModel language, int chunkTokens, NDManager scope) {
        return prefill(language, PROMPT, chunkTokens, scope);
    }

    /** The logits of every position, the prompt taken in chunks. */
    private static float[][] prefill(
            LanguageModel language, int[] prompt, int chunkTokens, NDManager scope) {
        List<float[]> logits = new ArrayList<>();
        try (KvPool pool = language.newPool();
                KvCache cache = pool.newCache(prompt.length)) {
            for (int from = 0; from < prompt.length; from += chunkTokens) {
                int to = Math.min(prompt.length, from + chunkTokens);
                PtNDArray embedded = language.embed(Arrays.copyOfRange(prompt, from, to), scope);
                try (PtNDArray hidden = language.prefill(embedded, cache, from, scope)) {
                    logits.addAll(List.of(language.logits(hidden, 0, scope)));
                }
            }
        }
        return logits.toArray(float[][]::new);
    }

    /** Prefills prompts of these lengths one by one, then decodes a token after each at once. */
    private static float[][] decode(LanguageModel language, int[] lengths, NDManager scope) {
        KvPool pool = language.newPool();
        List<KvCache> caches = new ArrayList<>();
        for (int length : lengths) {
            KvCache cache = pool.newCache(length + 1);
            int[] prompt = Arrays.copyOf(PROMPT, length);
            language.prefill(language.embed(prompt, scope), cache, 0, scope).close();
            caches.add(cache);
        }
        int[] ids = new int[lengths.length];
        Arrays.fill(ids, 42);
        float[][] logits = language.decode(ids, lengths, caches, scope);
        caches.forEach(KvCache::close);
        return logits;
    }
}
