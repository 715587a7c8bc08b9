package io.sightmill.llava;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.sightmill.engine.ModelLoadException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenizerTest {

    private static Tokenizer tokenizer;

    @BeforeAll
    static void load() {
        tokenizer = Tokenizer.load(ReferenceFiles.path("tiny-llava"));
    }

    @AfterAll
    static void close() {
        tokenizer.close();
    }

    static List<JsonNode> references() throws Exception {
        List<JsonNode> all = new ArrayList<>();
        ReferenceFiles.json("tokenizer.json").forEach(all::add);
        return all;
    }

    @ParameterizedTest
    @MethodSource("references")
    void idsOfTextWithMeantSpecialTokensEqualTheReference(JsonNode reference) {
        int[] ids = tokenizer.encodeWithSpecials(reference.get("text").asText());

        assertThat(ids).containsExactly(ReferenceFiles.ids(reference.get("ids_no_special")));
        int[] withBeginning =
                IntStream.concat(
                                IntStream.of(tokenizer.beginningId().orElseThrow()),
                                IntStream.of(ids))
                        .toArray();
        assertThat(withBeginning).containsExactly(ReferenceFiles.ids(reference.get("ids")));
    }

    @ParameterizedTest
    @MethodSource("references")
    void idsDecodeToTheReferencesText(JsonNode reference) {
        String text = tokenizer.decode(ReferenceFiles.ids(reference.get("ids")));

        assertThat(text).isEqualTo(reference.get("decoded_skip_special").asText());
    }

    @ParameterizedTest
    @MethodSource("references")
    void textWithoutSpecialTokensIsTheSameEitherWay(JsonNode reference) {
        String text = reference.get("text").asText();
        if (!text.contains("<")) {
            int[] expected = ReferenceFiles.ids(reference.get("ids_no_special"));

            assertThat(tokenizer.encodeText(text)).containsExactly(expected);
            assertThat(tokenizer.encodeContinuation(text)).containsExactly(expected);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<image>",
                "</s>",
                "<s>",
                "<unk>",
                "<pad>",
                "[INST] <<SYS>> </s><s>",
                "a<image>b <image> c",
                "<image>\nUSER: <image>",
                "<ima\u200Bge>"
            })
    void specialTokensTypedIntoTextStayCharacters(String typed) {
        int[] ids = tokenizer.encodeText(typed);

        assertThat(ids).doesNotContain(0, 1, 2, 500, 501);
        assertThat(tokenizer.encodeContinuation(typed)).isEqualTo(ids);
        assertThat(tokenizer.decode(ids)).isEqualTo(typed);
    }

    @Test
    void specialTokensHaveIdsByName() {
        assertThat(tokenizer.idOf("<image>")).hasValue(500);
        assertThat(tokenizer.idOf("</s>")).hasValue(2);
        assertThat(tokenizer.idOf("<nosuch>")).isEmpty();
    }

    @Test
    void textIsNeverTruncated() {
        assertThat(tokenizer.encodeText("a ".repeat(5_000))).hasSizeGreaterThan(5_000);
    }

    @Test
    void textHasAtLeastTheFewestTokens() {
        String text = "github.com/haotian-liu/LLaVA ".repeat(100);

        assertThat((long) tokenizer.encodeText(text).length)
                .isGreaterThanOrEqualTo(tokenizer.fewestTokens(text.length()));
    }

    @Test
    void halfASurrogatePairAndNulAreText() {
        assertThat(tokenizer.decode(tokenizer.encodeText("a\uD83Db\u0000c")))
                .isEqualTo("a\uFFFDb\u0000c");
    }

    @Test
    void bytesThatAreNoWholeCharacterBecomeReplacementCharacters() {
        int[] smile = tokenizer.encodeText("\uD83D\uDE42");

        assertThat(tokenizer.decode(Arrays.copyOf(smile, smile.length - 1))).contains("\uFFFD");
        assertThat(tokenizer.decode(smile)).isEqualTo("\uD83D\uDE42");
    }

    @Test
    void anIdOutsideTheVocabularyIsAClearError() {
        assertThatThrownBy(() -> tokenizer.decode(new int[] {413, 512}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("token id is 512 and must be in 0..511");
        assertThatThrownBy(() -> tokenizer.decode(new int[] {-1}))
                .hasMessage("token id is -1 and must be in 0..511");
    }

    @Test
    void anIdThatOnlyTheModelHasDecodesToNothing() {
        assertThat(tokenizer.decode(new int[] {495, 505, 414})).isEqualTo("He");
    }

    @Test
    void threadsShareATokenizer() throws Exception {
        int[] expected = tokenizer.encodeText("What is shown in this image?");
        ExecutorService pool = Executors.newFixedThreadPool(4);
        try {
            List<Future<int[]>> futures = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                futures.add(
                        pool.submit(() -> tokenizer.encodeText("What is shown in this image?")));
            }
            for (Future<int[]> future : futures) {
                assertThat(future.get()).isEqualTo(expected);
            }
        } finally {
            pool.shutdown();
        }
    }

    @Test
    void aClosedTokenizerSaysSo() {
        Tokenizer closed = Tokenizer.load(ReferenceFiles.path("tiny-llava"));
        closed.close();
        closed.close();

        assertThatThrownBy(() -> closed.encodeText("a"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the tokenizer is closed");
    }

    @Test
    void aTokenizerBeyondTheModelsVocabularyIsRefused(@TempDir Path directory) throws Exception {
        Files.copy(
                ReferenceFiles.path("tiny-llava/tokenizer.json"),
                directory.resolve("tokenizer.json"));
        Files.writeString(
                directory.resolve("config.json"), "{\"text_config\": {\"vocab_size\": 400}}");

        assertThatThrownBy(() -> Tokenizer.load(directory))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("tokenizer.json has token id 501")
                .hasMessageContaining("vocab_size of config.json is 400");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "no json", "[]", "{}", "{\"model\": {\"vocab\": {\"a\": 0}}}"})
    void aBrokenTokenizerFileIsNamed(String content, @TempDir Path directory) throws Exception {
        Files.writeString(directory.resolve("tokenizer.json"), content);

        assertThatThrownBy(() -> Tokenizer.load(directory))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("tokenizer.json");
    }

    @Test
    void aMissingTokenizerFileIsNamed(@TempDir Path directory) {
        assertThatThrownBy(() -> Tokenizer.load(directory))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("tokenizer.json is missing");
    }

    @Test
    void aMarkBeforeTheFirstWordOnlyIsLeftOutMidway(@TempDir Path directory) throws Exception {
        String json = Files.readString(ReferenceFiles.path("tiny-llava/tokenizer.json"));
        String metaspace =
                "\"pre_tokenizer\": {\"type\": \"Metaspace\", \"replacement\": \"\u2581\","
                        + " \"prepend_scheme\": \"first\", \"split\": false}";
        int from = json.indexOf("\"normalizer\"");
        int to = json.indexOf("\"post_processor\"");
        String changed =
                json.substring(0, from)
                        + "\"normalizer\": null, "
                        + metaspace
                        + ", "
                        + json.substring(to);
        Files.writeString(directory.resolve("tokenizer.json"), changed);

        try (Tokenizer first = Tokenizer.load(directory)) {
            int[] reference = first.encodeWithSpecials("</s>x");

            assertThat(first.encodeText("x")).containsExactly(413, 464);
            assertThat(first.encodeContinuation("x")).containsExactly(464);
            assertThat(reference).containsExactly(2, 464);
        }
    }
}
