package io.sightmill.llava;

import static io.sightmill.llava.JinjaTemplateTest.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.sightmill.engine.ModelLoadException;
import io.sightmill.engine.PreparedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A tokenizer.model against SentencePiece itself. The model was trained by sentencepiece 0.2.2 on
 * scene-sentences.txt and a few lines of other scripts with {@code model_type=bpe,
 * byte_fallback=True, normalization_rule_name=identity, add_dummy_prefix=True,
 * remove_extra_whitespaces=False, allow_whitespace_only_pieces=True, split_digits=True,
 * vocab_size=600}: LLaMA's settings. ids.json holds for each text what {@code
 * SentencePieceProcessor.encode} and {@code decode} give ("ids", "decoded") and what {@code
 * LlamaTokenizerFast} of transformers 5.18 gives ("reference"), which leaves out the space before a
 * text that begins with one; the authors' code runs SentencePiece.
 */
class SentencePieceTest {

    @TempDir private Path directory;

    @BeforeEach
    void copy() throws IOException {
        Files.copy(
                ReferenceFiles.path("sentencepiece/tokenizer.model"),
                directory.resolve("tokenizer.model"));
    }

    static List<JsonNode> references() throws Exception {
        List<JsonNode> all = new ArrayList<>();
        ReferenceFiles.json("sentencepiece/ids.json").forEach(all::add);
        return all;
    }

    @ParameterizedTest
    @MethodSource("references")
    void textBecomesTheIdsOfSentencePieceAndTextAgain(JsonNode reference) {
        try (Tokenizer tokenizer = Tokenizer.load(directory)) {
            String text = reference.get("text").textValue();
            int[] ids = tokenizer.encodeText(text);

            assertThat(ids).containsExactly(ReferenceFiles.ids(reference.get("ids")));
            assertThat(tokenizer.decode(ids)).isEqualTo(reference.get("decoded").textValue());
            if (!text.startsWith(" ") && !text.startsWith("\u2581")) {
                assertThat(ids).containsExactly(ReferenceFiles.ids(reference.get("reference")));
            }
        }
    }

    /** Training writes the best pieces first; nothing says that a file has to. */
    @Test
    void theScoreOfAPieceDecidesAndNotItsPlace() throws Exception {
        int first = 259; // behind the special tokens and the bytes
        Files.write(
                directory.resolve("tokenizer.model"),
                withPiecesReversed(ReferenceFiles.bytes("sentencepiece/tokenizer.model"), first));
        try (Tokenizer tokenizer = Tokenizer.load(directory)) {
            for (JsonNode reference : references()) {
                int[] expected =
                        Arrays.stream(ReferenceFiles.ids(reference.get("ids")))
                                .map(id -> id < first ? id : first + 599 - id)
                                .toArray();

                assertThat(tokenizer.encodeText(reference.get("text").textValue()))
                        .containsExactly(expected);
            }
        }
    }

    /** A piece is field 1 of the file: the byte 0x0A, a length below 128, that many bytes. */
    private static byte[] withPiecesReversed(byte[] model, int first) throws IOException {
        List<byte[]> pieces = new ArrayList<>();
        int at = 0;
        while (model[at] == 0x0A) {
            int end = at + 2 + model[at + 1];
            pieces.add(Arrays.copyOfRange(model, at, end));
            at = end;
        }
        Collections.reverse(pieces.subList(first, pieces.size()));
        ByteArrayOutputStream reversed = new ByteArrayOutputStream();
        for (byte[] piece : pieces) {
            reversed.write(piece);
        }
        reversed.write(model, at, model.length - at);
        return reversed.toByteArray();
    }

    @Test
    void aPromptBeginsWithTheBeginningTokenAndHoldsNoTypedOne() {
        try (Tokenizer tokenizer = Tokenizer.load(directory)) {
            assertThat(tokenizer.beginningId()).hasValue(1);
            assertThat(tokenizer.specialTokens()).containsExactlyInAnyOrder("<unk>", "<s>", "</s>");
            assertThat(tokenizer.encodeText("<s></s><unk>")).doesNotContain(0, 1, 2);
            assertThat(tokenizer.encodeWithSpecials("</s>")).containsExactly(2);
        }
    }

    @Test
    void aSpaceStandsBeforeTextAfterASpecialTokenUnlessTheConfigurationSaysOtherwise()
            throws IOException {
        assertThat(afterSpecialAndImage()).isEqualTo(List.of("[520, 594]", "[520, 594]"));
        write("tokenizer_config.json", "{\"legacy\": false}");
        // Slow LlamaTokenizer after </s>; the authors' code after an image.
        assertThat(afterSpecialAndImage()).isEqualTo(List.of("[594]", "[520, 594]"));
    }

    private List<String> afterSpecialAndImage() {
        try (Tokenizer tokenizer = Tokenizer.load(directory)) {
            return List.of(
                    Arrays.toString(tokenizer.encodeContinuation("x")),
                    Arrays.toString(tokenizer.tokenizeAfterImage("x").ids()));
        }
    }

    @Test
    void aQuestionBehindAnImageIsTokenizedAsTheAuthorsDo() throws IOException {
        write("tokenizer_config.json", "{\"legacy\": false}");
        try (Tokenizer tokenizer = Tokenizer.load(directory)) {
            PromptAssembler prompts =
                    new PromptAssembler(
                            tokenizer, ChatTemplate.llava(), tokenizer.idOf("<unk>").orElseThrow());

            int[] ids = prompts.assemble(List.of(user("x")), List.of(new TwoTokens())).tokenIds();

            int[] head = tokenizer.encodeText("USER: ");
            int[] tail = tokenizer.encodeText("\nx ASSISTANT:");
            assertThat(ids[0]).isEqualTo(1);
            assertThat(Arrays.copyOfRange(ids, 1, 1 + head.length)).isEqualTo(head);
            assertThat(Arrays.copyOfRange(ids, ids.length - tail.length, ids.length))
                    .isEqualTo(tail);
            assertThat(ids).hasSize(1 + head.length + 2 + tail.length);
        }
    }

    @Test
    void addedTokensHaveTheirIdsAndAreSpecial() throws IOException {
        write("added_tokens.json", "{\"<im_start>\": 600, \"<im_end>\": 605}");
        write("special_tokens_map.json", "{\"pad_token\": \"<unk>\", \"bos_token\": \"<s>\"}");
        write(
                "tokenizer_config.json",
                "{\"added_tokens_decoder\": {\"610\": {\"content\": \"<pad>\", \"special\": true}}}");

        try (Tokenizer tokenizer = Tokenizer.load(directory)) {
            assertThat(tokenizer.encodeWithSpecials("<im_start><im_end><pad>"))
                    .containsExactly(600, 605, 610);
            assertThat(tokenizer.encodeText("<im_start><im_end><pad>"))
                    .doesNotContain(600, 605, 610);
            assertThat(tokenizer.vocabularySize()).isEqualTo(611);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"<x>\": 5}", "{\"<s>\": 600}", "{\"<x>\": -1}", "{\"<x>\": \"a\"}"})
    void anAddedTokenWithAnImpossibleIdIsRefused(String added) throws IOException {
        write("added_tokens.json", added);

        assertThatThrownBy(() -> Tokenizer.load(directory))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("added token");
    }

    @Test
    void aTokenizerBeyondTheModelsVocabularyIsRefused() throws IOException {
        write("config.json", "{\"vocab_size\": 599}");

        assertThatThrownBy(() -> Tokenizer.load(directory))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("tokenizer.model has token id 599");
    }

    @Test
    void aFileCutShortOrSpoiledAnywhereIsRefusedOrLoads() throws IOException {
        byte[] whole = ReferenceFiles.bytes("sentencepiece/tokenizer.model");
        Random random = new Random(5);
        for (int round = 0; round < 3_000; round++) {
            byte[] spoiled =
                    round % 2 == 0
                            ? Arrays.copyOf(whole, random.nextInt(whole.length))
                            : whole.clone();
            for (int i = random.nextInt(4); round % 2 == 1 && i >= 0; i--) {
                spoiled[random.nextInt(spoiled.length)] = (byte) random.nextInt(256);
            }
            Files.write(directory.resolve("tokenizer.model"), spoiled);
            try {
                SentencePieceTokenizer.read(directory);
            } catch (ModelLoadException e) {
                assertThat(e).hasMessageContaining("tokenizer.model");
            }
        }
    }

    @Test
    void lengthsBeyondTheFileAreRefusedBeforeAnythingIsAllocated() throws IOException {
        for (String hex :
                List.of(
                        "0affffffffffffffff7f",
                        "0affffffff07",
                        "ffffffffffffffffffffff",
                        "0b",
                        "07")) {
            Files.write(
                    directory.resolve("tokenizer.model"), java.util.HexFormat.of().parseHex(hex));

            assertThatThrownBy(() -> Tokenizer.load(directory))
                    .isInstanceOf(ModelLoadException.class)
                    .hasMessageContaining("tokenizer.model is not a usable SentencePiece model");
        }
    }

    @Test
    void aModelOfAnotherMannerIsRefusedByName() throws IOException {
        byte[] whole = ReferenceFiles.bytes("sentencepiece/tokenizer.model");
        // A later trainer_spec (field 2) or normalizer_spec (field 3) adds to the earlier one.
        for (var change :
                List.of(
                        new String[] {"12021801", "model_type is 1"},
                        new String[] {"1203980200", "no byte_fallback"},
                        new String[] {"1a022001", "removes blanks"},
                        new String[] {"1a03120161", "replaces characters"},
                        new String[] {"0a080a0101150000c07f", "score NaN"},
                        new String[] {"0a050a033c733e", "is there twice: <s>"})) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            bytes.write(whole);
            bytes.write(java.util.HexFormat.of().parseHex(change[0]));
            Files.write(directory.resolve("tokenizer.model"), bytes.toByteArray());

            assertThatThrownBy(() -> Tokenizer.load(directory))
                    .isInstanceOf(ModelLoadException.class)
                    .hasMessageContaining(change[1]);
        }
    }

    private record TwoTokens() implements PreparedImage {

        @Override
        public String key() {
            return "image";
        }

        @Override
        public int tokens() {
            return 2;
        }
    }

    private void write(String name, String json) throws IOException {
        Files.write(directory.resolve(name), json.getBytes(StandardCharsets.UTF_8));
    }
}
