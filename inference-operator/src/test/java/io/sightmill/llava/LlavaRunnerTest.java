package io.sightmill.llava;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sightmill.engine.BatchPlan;
import io.sightmill.engine.Device;
import io.sightmill.engine.EngineOptions;
import io.sightmill.engine.GenerationOptions;
import io.sightmill.engine.ImageCounters;
import io.sightmill.engine.ImageSpan;
import io.sightmill.engine.Lane;
import io.sightmill.engine.PreparedTask;
import io.sightmill.engine.Prompt;
import io.sightmill.engine.Sequence;
import io.sightmill.engine.SequenceDriver;
import io.sightmill.engine.SequenceOutput;
import io.sightmill.engine.SequenceRequest;
import io.sightmill.engine.Stage;
import io.sightmill.engine.TaskKind;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class LlavaRunnerTest {

    private LlavaNetwork network;
    private LlavaRunner runner;
    private SequenceDriver driver;

    @BeforeEach
    void openFloat32() {
        open(Precision.FLOAT32);
    }

    @AfterEach
    void close() {
        runner.close();
        network.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {7, 20, 256})
    void generatesTheReferencesTokensWhateverTheChunks(int chunkTokens) {
        GoldenCase golden = golden("case1");
        Sequence sequence = admitted("r", generate(golden.prompt(), 16));

        driver.prefill(sequence, chunkTokens);
        for (int i = 1; i < 16; i++) {
            driver.decode(List.of(sequence));
        }

        assertThat(sequence.tokens()).isEqualTo(golden.generatedIds());
    }

    @Test
    void generatesTheReferencesTokensInABatchThatOthersJoin() {
        List<GoldenCase> cases =
                List.of(golden("case1"), golden("case2"), golden("case3"), golden("case4"));
        List<Sequence> batch = new java.util.ArrayList<>();
        for (GoldenCase golden : cases) {
            Sequence sequence = admitted(golden.name(), generate(golden.prompt(), 24));
            driver.prefill(sequence, 256);
            batch.add(sequence);
            driver.decode(batch);
            driver.decode(batch);
        }
        while (batch.get(3).tokenCount() < 16) {
            driver.decode(batch);
        }

        for (int i = 0; i < cases.size(); i++) {
            assertThat(Arrays.copyOf(batch.get(i).tokens(), 16))
                    .isEqualTo(cases.get(i).generatedIds());
        }
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void aSequencesLogitsHaveTheSameBitsAloneAndWithMates(Precision precision) {
        close();
        open(precision);
        LanguageModel language = network.language();
        int[][] prompts = {{1, 7, 9, 300}, {1, 5}, {1, 8, 4, 4, 99, 17, 3}, {1, 2, 3}};

        float[][] alone = new float[prompts.length][];
        for (int i = 0; i < prompts.length; i++) {
            alone[i] = decodeOne(language, List.of(prompts[i]))[0];
        }
        float[][] together = decodeOne(language, List.of(prompts));
        float[][] reversed =
                decodeOne(language, List.of(prompts[3], prompts[2], prompts[1], prompts[0]));

        for (int i = 0; i < prompts.length; i++) {
            assertThat(bits(together[i])).isEqualTo(bits(alone[i]));
            assertThat(bits(reversed[3 - i])).isEqualTo(bits(alone[i]));
        }
        assertThat(bits(alone[0])).isNotEqualTo(bits(alone[1]));
    }

    @Test
    void replayingTokensByDecodeStepsGivesTheUndisturbedRun() {
        GoldenCase golden = golden("case2");
        int[] soFar = Arrays.copyOf(golden.generatedIds(), 9);
        PreparedTask task = generate(golden.prompt(), 16);
        Sequence restored = new Sequence(new SequenceRequest("again", Lane.LIVE, task, soFar));
        runner.admit(restored);

        driver.prefill(restored, 256);
        while (restored.tokenCount() < 16) {
            driver.decode(List.of(restored));
        }

        assertThat(restored.tokens()).isEqualTo(golden.generatedIds());
    }

    @Test
    void theTasksOfARequestShareOneEncode() {
        PixelImage image = (PixelImage) golden("case1").prompt().images().get(0).image();
        PixelImage poison = new PixelImage(poison(), 56, image.key(), 16);
        int before = network.openTensors();
        Sequence first = admitted("a", embed(imagePrompt(image)));
        Sequence second = admitted("b", embed(imagePrompt(poison)));
        runner.run(new BatchPlan(List.of(first), List.of(), List.of()));
        runner.release(first);

        // The second has the key but not the pixels: only features that were kept can answer it.
        float[] vector = vectors(second).get(0);

        assertThat(vector).hasSize(128);
        runner.release(second);
        assertThat(network.openTensors()).isEqualTo(before);
    }

    @Test
    void anImageIsFoundAgainAfterItsSequenceEnded() {
        PixelImage image = image("case1");
        runner.begin(caching(1 << 20));
        float[] encoded = vectorOf("a", "", image);

        float[] found = vectorOf("b", "", poisoned(image));

        assertThat(bits(found)).isEqualTo(bits(encoded));
        assertThat(runner.images().hits()).isEqualTo(1);
        assertThat(runner.images().misses()).isEqualTo(1);
    }

    @Test
    void whatAnotherTenantSentIsNotFound() {
        runner.begin(caching(1 << 20));
        vectorOf("a", "one", image("case1"));

        vectorOf("b", "two", image("case1"));

        assertThat(runner.images().hits()).isZero();
        assertThat(runner.images().misses()).isEqualTo(2);
    }

    @Test
    void theLeastRecentlyUsedImagesAreForgottenFirst() {
        int bytes = 16 * 128 * Float.BYTES;
        int before = network.openTensors();
        runner.begin(caching(2 * bytes));
        PixelImage image = image("case1");

        for (String key : List.of("a", "b", "a", "c", "a", "b")) {
            vectorOf("r", "", new PixelImage(image.pixels(), image.size(), key, image.tokens()));
        }

        assertThat(runner.images()).isEqualTo(new ImageCounters(2, 4, 2 * bytes));
        assertThat(network.openTensors()).isEqualTo(before + 2);
    }

    @ParameterizedTest
    @CsvSource({"FLOAT32, 4", "BFLOAT16, 2", "INT8, 2"})
    void theCacheCountsTheBytesThatItsNumbersTake(Precision precision, int bytes) {
        close();
        open(precision);
        runner.begin(caching(1 << 20));

        vectorOf("a", "one", image("case1"));

        assertThat(runner.images().bytes()).isEqualTo(16L * 128 * bytes);
    }

    @Test
    void imagesInUseAreKeptWhateverTheBound() {
        runner.begin(caching(0));
        PixelImage image = image("case1");
        Sequence using = admitted("using", embed(imagePrompt(image)));
        run(using);

        vectorOf("other", "", poisoned(image));

        assertThat(runner.images().hits()).isEqualTo(1);
        runner.release(using);
        assertThat(runner.images().bytes()).isZero();
    }

    @Test
    void aProbeOfAWorkingModelLeavesNothingBehind() {
        int before = network.openTensors();

        runner.probe();

        assertThat(network.openTensors()).isEqualTo(before);
    }

    @Test
    void anEmbeddingIsTheMeanOverTheProjectedTokens() {
        GoldenCase golden = golden("case3");
        float[] projected = golden.projectorOutput().orElseThrow();

        List<float[]> vectors = vectors(admitted("r", embed(golden.prompt())));

        assertThat(vectors).hasSize(2);
        for (int image = 0; image < 2; image++) {
            for (int i = 0; i < 128; i++) {
                double sum = 0;
                for (int token = 0; token < 16; token++) {
                    sum += projected[(image * 16 + token) * 128 + i];
                }
                assertThat((double) vectors.get(image)[i]).isCloseTo(sum / 16, within(2e-5));
            }
        }
    }

    @Test
    void scoresLabelsByTheReferencesLogits() {
        GoldenCase golden = golden("case4");
        int[] ids = golden.generatedIds();
        // Each label's tokens follow the reference's run as far as its logits are recorded.
        List<int[]> labels =
                List.of(new int[] {ids[0], ids[1], 77}, new int[] {ids[0], 5}, new int[] {12});
        PreparedTask task =
                new PreparedTask(
                        "t", TaskKind.SCORE, golden.prompt(), labels, GenerationOptions.greedy(1));

        SequenceOutput output = driver.prefill(admitted("r", task), 256);

        double[] expected = expectedProbabilities(golden.generatedLogits().orElseThrow(), labels);
        assertThat(((SequenceOutput.LabelScores) output).probabilities())
                .containsExactly(expected, within(1e-4));
    }

    @Test
    void aTokenOutsideTheVocabularyFailsItsSequenceOnly() {
        Sequence bad = admitted("bad", generate(new Prompt(new int[] {1, 512}, List.of()), 4));
        GoldenCase golden = golden("case4");
        Sequence good = admitted("good", generate(golden.prompt(), 16));

        SequenceOutput failed = driver.prefill(bad, 256);
        SequenceOutput first = driver.prefill(good, 256);

        assertThat(failed)
                .isInstanceOfSatisfying(
                        SequenceOutput.Failed.class,
                        failure -> {
                            assertThat(failure.stage()).isEqualTo(Stage.PREFILL);
                            assertThat(failure.message()).contains("token id 512");
                        });
        assertThat(first).isEqualTo(new SequenceOutput.Token(good.id(), golden.generatedIds()[0]));
    }

    @Test
    void aTokenThatCannotBeFedFailsItsSequenceOnlyAndTheBatchGoesOn() {
        GoldenCase golden = golden("case4");
        PreparedTask task = generate(golden.prompt(), 16);
        int[] spoilt = {golden.generatedIds()[0], -5};
        Sequence bad = new Sequence(new SequenceRequest("bad", Lane.LIVE, task, spoilt));
        runner.admit(bad);
        Sequence good = admitted("good", task);
        driver.prefill(bad, 256);
        driver.prefill(good, 256);
        driver.decode(List.of(bad, good));

        List<SequenceOutput> outputs =
                runner.run(new BatchPlan(List.of(), List.of(), List.of(bad, good))).outputs();

        assertThat(outputs)
                .contains(new SequenceOutput.Token(good.id(), golden.generatedIds()[2]))
                .anySatisfy(
                        output ->
                                assertThat(output)
                                        .isInstanceOfSatisfying(
                                                SequenceOutput.Failed.class,
                                                failure -> {
                                                    assertThat(failure.id()).isEqualTo(bad.id());
                                                    assertThat(failure.stage())
                                                            .isEqualTo(Stage.DECODE);
                                                }));
    }

    @Test
    void pixelsThatAreNoNumbersFailTheirSequenceOnly() {
        Prompt prompt = imagePrompt(new PixelImage(poison(), 56, "poison", 16));
        GoldenCase golden = golden("case1");
        Sequence poison = admitted("poison", generate(prompt, 4));
        Sequence vector = admitted("vector", embed(prompt));
        Sequence good = admitted("good", generate(golden.prompt(), 16));

        assertThat(driver.prefill(poison, 256)).isInstanceOf(SequenceOutput.Failed.class);
        assertThat(run(vector)).isInstanceOf(SequenceOutput.Failed.class);
        assertThat(driver.prefill(good, 256))
                .isEqualTo(new SequenceOutput.Token(good.id(), golden.generatedIds()[0]));
    }

    @Test
    void anImageOfAnotherSizeFailsInEncode() {
        PixelImage image = new PixelImage(new float[3 * 28 * 28], 28, "small", 16);

        SequenceOutput output = driver.prefill(admitted("r", generate(imagePrompt(image), 4)), 256);

        assertThat(output)
                .isInstanceOfSatisfying(
                        SequenceOutput.Failed.class,
                        failure -> assertThat(failure.stage()).isEqualTo(Stage.ENCODE));
    }

    @Test
    void aPositionBeyondTheReservedMemoryFailsLoudly() {
        Sequence sequence = admitted("r", generate(new Prompt(new int[] {1, 5, 6}, List.of()), 1));
        driver.prefill(sequence, 256);

        assertThatThrownBy(() -> driver.decode(List.of(sequence)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("position 3 does not fit a KV cache of 3");
    }

    @Test
    void holdsNothingAfterManyRequests() {
        GoldenCase golden = golden("case3");
        int before = network.openTensors();

        for (int i = 0; i < 40; i++) {
            Sequence generating = admitted("g" + i, generate(golden.prompt(), 3));
            Sequence embedding = admitted("e" + i, embed(golden.prompt()));
            driver.prefill(generating, 16);
            driver.decode(List.of(generating));
            run(embedding);
            runner.release(generating);
            runner.release(embedding);
        }

        assertThat(network.openTensors()).isEqualTo(before);
    }

    @Test
    void memoryIsHeldInWholePages() {
        int promptTokens = 100;
        Prompt prompt = new Prompt(new int[promptTokens], List.of());

        // The last token of an answer is not kept.
        assertThat(runner.heldKvTokens(generate(prompt, 29))).isEqualTo(128);
        assertThat(runner.heldKvTokens(generate(prompt, 30))).isEqualTo(256);
        assertThat(runner.heldKvTokens(generate(prompt, Integer.MAX_VALUE)))
                .isEqualTo(Integer.MAX_VALUE);
        assertThat(runner.heldKvTokens(embed(prompt))).isZero();
    }

    private void open(Precision precision) {
        network = LlavaNetwork.open(ReferenceFiles.path("tiny-llava"), precision, Device.cpu());
        runner = new LlavaRunner(network);
        driver = new SequenceDriver(runner);
    }

    private static EngineOptions caching(long bytes) {
        return new EngineOptions(8, 1_000, 64, 8, 0.1, bytes);
    }

    private PixelImage image(String name) {
        return (PixelImage) golden(name).prompt().images().get(0).image();
    }

    /** The image by its key, with pixels that cannot be encoded. */
    private static PixelImage poisoned(PixelImage image) {
        return new PixelImage(poison(), image.size(), image.key(), image.tokens());
    }

    /** Embeds an image for a tenant, from admission to release. */
    private float[] vectorOf(String requestId, String tenant, PixelImage image) {
        SequenceRequest request =
                new SequenceRequest(requestId, Lane.LIVE, embed(imagePrompt(image)))
                        .withTenant(tenant);
        Sequence sequence = new Sequence(request);
        runner.admit(sequence);
        float[] vector = vectors(sequence).get(0);
        runner.release(sequence);
        return vector;
    }

    private GoldenCase golden(String name) {
        return GoldenCase.read(ReferenceFiles.path(name + ".safetensors"), network.config());
    }

    private Sequence admitted(String requestId, PreparedTask task) {
        Sequence sequence = new Sequence(new SequenceRequest(requestId, Lane.LIVE, task));
        runner.admit(sequence);
        return sequence;
    }

    private SequenceOutput run(Sequence embedding) {
        BatchPlan plan = new BatchPlan(List.of(embedding), List.of(), List.of());
        return runner.run(plan).outputs().get(0);
    }

    private List<float[]> vectors(Sequence embedding) {
        return ((SequenceOutput.Vectors) run(embedding)).vectors();
    }

    private static PreparedTask generate(Prompt prompt, int maxNewTokens) {
        GenerationOptions options = GenerationOptions.greedy(maxNewTokens);
        return new PreparedTask("t", TaskKind.GENERATE, prompt, List.of(), options);
    }

    private static PreparedTask embed(Prompt prompt) {
        return new PreparedTask(
                "t", TaskKind.EMBED, prompt, List.of(), GenerationOptions.greedy(1));
    }

    private static float[] poison() {
        float[] pixels = new float[3 * 56 * 56];
        Arrays.fill(pixels, Float.NaN);
        return pixels;
    }

    private static Prompt imagePrompt(PixelImage image) {
        int[] ids = new int[17];
        Arrays.fill(ids, 500);
        ids[0] = 1;
        return new Prompt(ids, List.of(new ImageSpan(1, image)));
    }

    /** Prefills each prompt by itself, then decodes the token 42 after all of them at once. */
    private float[][] decodeOne(LanguageModel language, List<int[]> prompts) {
        try (ai.djl.ndarray.NDManager scope = network.newScope();
                KvPool pool = language.newPool()) {
            List<KvCache> caches =
                    prompts.stream().map(ids -> pool.newCache(ids.length + 1)).toList();
            for (int i = 0; i < prompts.size(); i++) {
                language.prefill(language.embed(prompts.get(i), scope), caches.get(i), 0, scope);
            }
            int[] ids = new int[prompts.size()];
            Arrays.fill(ids, 42);
            int[] positions = prompts.stream().mapToInt(prompt -> prompt.length).toArray();
            float[][] logits = language.decode(ids, positions, caches, scope);
            caches.forEach(KvCache::close);
            return logits;
        }
    }

    private static int[] bits(float[] values) {
        int[] bits = new int[values.length];
        Arrays.setAll(bits, i -> Float.floatToRawIntBits(values[i]));
        return bits;
    }

    private static double[] expectedProbabilities(float[] logits, List<int[]> labels) {
        double[] weights = new double[labels.size()];
        for (int label = 0; label < weights.length; label++) {
            double score = 0;
            for (int i = 0; i < labels.get(label).length; i++) {
                float[] row = Arrays.copyOfRange(logits, i * 512, (i + 1) * 512);
                double sum = 0;
                for (float logit : row) {
                    sum += Math.exp(logit);
                }
                score += row[labels.get(label)[i]] - Math.log(sum);
            }
            weights[label] = Math.exp(score);
        }
        double total = Arrays.stream(weights).sum();
        return Arrays.stream(weights).map(weight -> weight / total).toArray();
    }
}
