package io.sightmill.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightmill.llava.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pieces of an answer under way against its final text. */
class StreamedPiecesTest {

    private static final int ROUNDS = 2_000;

    private final ByteTokens tokens = new ByteTokens();

    @Test
    void eachWholeCharacterIsAPieceOfItsOwn() {
        assertThat(pieces("a€b", List.of())).containsExactly("a", "", "", "€", "b");
    }

    @Test
    void whatMayBeginAStopStringIsHeldBackUntilItIsNone() {
        assertThat(pieces("xSTxSTOP", List.of("STOP")))
                .containsExactly("x", "", "", "STx", "", "", "", "");
    }

    @Test
    void theLongestPossibleBeginningIsHeldBack() {
        assertThat(pieces("aab", List.of("aac", "b!"))).containsExactly("", "", "aa");
    }

    @Test
    void theEndGivesWhatIsLeft() {
        StreamedText text = new StreamedText(tokens, List.of("STOP"));
        for (int token : ByteTokens.of("x ST")) {
            text.append(token);
        }

        assertThat(text.end("x ST")).isEqualTo("ST");
    }

    /** Ids at random: half characters, spoilt bytes and special tokens in every place. */
    @ParameterizedTest
    @ValueSource(strings = {"tiny-llava", "sentencepiece", "bytelevel"})
    void piecesOfGarbageMakeTheAnswersTextWithRealVocabularies(String vocabulary) throws Exception {
        SplittableRandom random = new SplittableRandom(5);
        try (Tokenizer tokenizer = open(vocabulary)) {
            for (int round = 0; round < ROUNDS; round++) {
                int[] ids = new int[random.nextInt(24)];
                boolean bytesOnly = random.nextBoolean();
                Arrays.setAll(
                        ids, i -> random.nextInt(bytesOnly ? 300 : tokenizer.vocabularySize()));
                String word = tokenizer.decode(new int[] {random.nextInt(300)});
                assertStreams(tokenizer, ids, word.isEmpty() ? List.of() : List.of(word, "zz"));
            }
        }
    }

    private static void assertStreams(Tokenizer tokenizer, int[] ids, List<String> stop) {
        AnswerText answer = new AnswerText(tokenizer, stop);
        StreamedText streamed = new StreamedText(tokenizer, stop);
        StringBuilder text = new StringBuilder();
        for (int id : ids) {
            boolean ends = answer.append(id);
            text.append(streamed.append(id));
            if (ends) {
                break;
            }
        }
        text.append(streamed.end(answer.text()));

        assertThat(text.toString())
                .as("%s with stop strings %s", Arrays.toString(ids), stop)
                .isEqualTo(answer.text());
    }

    private List<String> pieces(String whole, List<String> stop) {
        StreamedText text = new StreamedText(tokens, stop);
        List<String> pieces = new ArrayList<>();
        for (int token : ByteTokens.of(whole)) {
            pieces.add(text.append(token));
        }
        return pieces;
    }

    private static Tokenizer open(String vocabulary) throws Exception {
        return Tokenizer.load(
                Path.of(StreamedPiecesTest.class.getResource("/golden/" + vocabulary).toURI()));
    }
}
