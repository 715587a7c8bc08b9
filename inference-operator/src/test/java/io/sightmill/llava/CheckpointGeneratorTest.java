package io.sightmill.llava;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sightmill.llava.CheckpointShape.Transformer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
                    28, 14, new Transformer(8, 2, 2, 16), new Transformer(8, 2, 1, 16), 400, 128);

    @Test
    void theCheckpointInTheBoxIsWhatTheGeneratorWrites(@TempDir Path directory) throws Exception {
        CheckpointGenerator.generate(
                directory,
                CheckpointShape.sightmillTiny(),
                CheckpointGenerator.SIGHTMILL_TINY_SEED);

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
    void anotherSeedGivesOtherWeightsAndTheSameFilesBesides(@TempDir Path root) throws Exception {
        CheckpointGenerator.generate(root.resolve("a"), SMALL, 1);
        CheckpointGenerator.generate(root.resolve("b"), SMALL, 2);

        for (String name : names(root.resolve("a"))) {
            long mismatch =
                    Files.mismatch(
                            root.resolve("a").resolve(name), root.resolve("b").resolve(name));
            assertThat(mismatch == -1).isEqualTo(!name.equals("model.safetensors"));
        }
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
        assertThatThrownBy(() -> new Transformer(10, 3, 1, 8))
                .hasMessage("hidden is 10 and must be an even multiple of heads, 3");
        assertThatThrownBy(
                        () -> new CheckpointShape(30, 14, SMALL.vision(), SMALL.text(), 400, 128))
                .hasMessage("imageSize is 30 and must be a multiple of patchSize, 14");
        assertThatThrownBy(
                        () -> new CheckpointShape(28, 14, SMALL.vision(), SMALL.text(), 100, 128))
                .hasMessage("mostVocabulary is 100 and must be at least 356");
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
