package io.sightmill.llava;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointGeneratorTest {

    private static final Path IN_THE_BOX =
            Path.of("..", "deploy", "local", "model", "sightmill-tiny");
    private static final long MOST_BYTES = 4_000_000;

    private static final CheckpointShape SMALL =
            new CheckpointShape(
                    CheckpointFamily.V1_5,
                    new VisionShape(28, 14, 8, 2, 2, 16),
                    TextShape.llama(8, 2, 1, 16, 400));

    @TempDir private Path directory;

    @Test
    void theCheckpointInTheBoxIsWhatTheGeneratorWrites() throws Exception {
        generate(directory, CheckpointPlan.of(CheckpointShapes.named("tiny")));

        assertThat(names(directory)).isEqualTo(names(IN_THE_BOX));
        for (String name : names(directory)) {
            assertThat(Files.mismatch(directory.resolve(name), IN_THE_BOX.resolve(name)))
                    .as("first differing byte of %s", name)
                    .isEqualTo(-1);
        }
    }

    @Test
    void theCheckpointInTheBoxIsSmall() throws Exception {
        long bytes = 0;
        for (String name : names(IN_THE_BOX)) {
            bytes += Files.size(IN_THE_BOX.resolve(name));
        }

        assertThat(bytes).isLessThanOrEqualTo(MOST_BYTES);
    }

    @Test
    void anotherSeedGivesOtherWeightsAndTheSameFilesBesides() throws Exception {
        generate(directory.resolve("a"), plan(SMALL, 1));
        generate(directory.resolve("b"), plan(SMALL, 2));

        for (String name : names(directory.resolve("a"))) {
            long mismatch =
                    Files.mismatch(
                            directory.resolve("a").resolve(name),
                            directory.resolve("b").resolve(name));
            assertThat(mismatch == -1).isEqualTo(!name.equals("model.safetensors"));
        }
    }

    @Test
    void aLargeVocabularyIsFilledUpWithWords() {
        TokenizerFile tokenizer = TokenizerFile.train(List.of("a b"), 32_064, List.of("<image>"));

        assertThat(tokenizer.tokens()).hasSize(32_064).doesNotHaveDuplicates();
        assertThat(tokenizer.tokens().get(20_000)).matches("\u2581[a-z]{6}");
        assertThat(tokenizer.idOf("<image>")).isEqualTo(32_063);
    }

    @Test
    void shapesOfPublishedModelsHaveTheirParameters() {
        assertThat(parameters("llava-1.5-7b")).isEqualTo(7_063_427_072L);
        assertThat(parameters("llava-v1.6-mistral-7b")).isEqualTo(7_566_747_648L);
        assertThat(parameters("llava-1.5-13b")).isEqualTo(13_351_494_656L);
    }

    @Test
    void noTwoTensorsOfTheLargestModelShareTheirRandomNumbers() {
        CheckpointPlan plan = CheckpointPlan.of(CheckpointShapes.named("llava-1.5-13b"));
        TokenizerFile tokenizer = TokenizerFile.train(List.of("a"), 400, List.of());
        List<GeneratedTensor> tensors = new ArrayList<>(CheckpointTensors.vision(plan, tokenizer));
        tensors.addAll(CheckpointTensors.language(plan, tokenizer));

        assertThat(tensors).extracting(each -> each.random().seed()).doesNotHaveDuplicates();
    }

    @Test
    void theFrontOfTheModelReadsIt() {
        PreprocessorConfig config = PreprocessorConfig.read(IN_THE_BOX);

        assertThat(config.size()).isEqualTo(112);
        try (Tokenizer tokenizer = Tokenizer.load(IN_THE_BOX)) {
            assertThat(tokenizer.vocabularySize()).isEqualTo(1_024);
            assertThat(tokenizer.beginningId()).hasValue(1);
            assertThat(tokenizer.idOf("</s>")).hasValue(2);
            assertThat(tokenizer.idOf("<image>")).hasValue(1_022);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "USER: Describe the image. ASSISTANT:",
                "two  spaces, a\ttab\nand a line feed",
                "caf\u00E9 \u65E5\u672C \uD83D\uDE42",
                "<image></s><0x41>"
            })
    void anyTextSurvivesItsTokenizer(String text) {
        try (Tokenizer tokenizer = Tokenizer.load(IN_THE_BOX)) {
            int[] ids = tokenizer.encodeText(text);

            assertThat(tokenizer.decode(ids)).isEqualTo(text);
            assertThat(ids).doesNotContain(0, 1, 2, 1_022, 1_023);
        }
    }

    @Test
    void wordsOfItsWorldAreFewTokens() {
        try (Tokenizer tokenizer = Tokenizer.load(IN_THE_BOX)) {
            assertThat(tokenizer.encodeText("USER: Where is the circle? ASSISTANT:"))
                    .hasSizeLessThanOrEqualTo(9);
        }
    }

    @Test
    void tensorsFillTheFileWithoutAGap() throws Exception {
        byte[] file = Files.readAllBytes(IN_THE_BOX.resolve("model.safetensors"));
        long headerLength = Long.reverseBytes(java.nio.ByteBuffer.wrap(file).getLong());
        JsonNode header = new ObjectMapper().readTree(file, 8, Math.toIntExact(headerLength));
        long end = 0;
        for (var entry : header.properties()) {
            if (!entry.getKey().equals("__metadata__")) {
                JsonNode offsets = entry.getValue().get("data_offsets");
                assertThat(offsets.get(0).longValue()).isEqualTo(end);
                end = offsets.get(1).longValue();
            }
        }

        assertThat(headerLength % 8).isZero();
        assertThat(8 + headerLength + end).isEqualTo(file.length);
        assertThat(header.at("/language_model.lm_head.weight/shape").toString())
                .isEqualTo("[1024,160]");
    }

    @Test
    void aShapeThatCannotBeIsNamed() {
        assertThatThrownBy(() -> TextShape.llama(10, 3, 1, 8, 400))
                .hasMessage("text.hidden is 10 and must be a multiple of twice text.heads, 6");
        assertThatThrownBy(() -> new VisionShape(30, 14, 8, 2, 2, 16))
                .hasMessage(
                        "vision.imageSize is 30 and must be a multiple of vision.patchSize, 14");
        assertThatThrownBy(() -> TextShape.llama(8, 2, 1, 16, 100))
                .hasMessage("text.vocabulary is 100 and must be from 357 to 1048576");
        assertThatThrownBy(() -> CheckpointShapes.named("huge"))
                .hasMessageStartingWith("there is no shape 'huge'; the shapes are tiny, ");
    }

    private static CheckpointPlan plan(CheckpointShape shape, long seed) {
        CheckpointPlan plan = CheckpointPlan.of(shape);
        return new CheckpointPlan(shape, plan.layout(), plan.type(), seed, plan.shardBytes());
    }

    private static void generate(Path directory, CheckpointPlan plan) {
        new CheckpointGenerator(plan).write(directory, false, bytes -> {});
    }

    private static long parameters(String shape) {
        return new CheckpointGenerator(CheckpointPlan.of(CheckpointShapes.named(shape)))
                .parameters();
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
