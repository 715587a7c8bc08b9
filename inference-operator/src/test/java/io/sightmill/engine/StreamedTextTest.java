package io.sightmill.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightmill.llava.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Text as tokens come against the text of all tokens, with real vocabularies: bytes as tokens of
 * their own ("tiny-llava", "sentencepiece") and bytes as letters ("bytelevel", trained by the
 * tokenizers library as GPT-2's is).
 */
class StreamedTextTest {

    private static final int ROUNDS = 3_000;

    /** Few tokens, each with a few characters. */
    private static final int MOST_HELD_BACK = 100;

    private static final List<String> PHRASES =
            List.of(
                    "Hello",
                    " two  blanks",
                    "\n",
                    "\uD83D\uDE00",
                    "e\u0301",
                    "\u4F60\u597D",
                    "\uD83D\uDC69\u200D\uD83D\uDC67",
                    "\u20AC5.10",
                    "The circle is red.",
                    "\uFFFD",
                    "\t",
                    " ");

    @ParameterizedTest
    @ValueSource(strings = {"tiny-llava", "sentencepiece", "bytelevel"})
    void whatIsSettledIsNeverTakenBackAndMakesTheWholeText(String vocabulary) throws Exception {
        SplittableRandom random = new SplittableRandom(11);
        try (Tokenizer tokenizer = open(vocabulary)) {
            for (int round = 0; round < ROUNDS; round++) {
                assertStreamed(tokenizer, answer(tokenizer, random));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytelevel"})
    void garbageIsStreamedAsItIsDecoded(String vocabulary) throws Exception {
        SplittableRandom random = new SplittableRandom(12);
        try (Tokenizer tokenizer = open(vocabulary)) {
            for (int round = 0; round < ROUNDS; round++) {
                int[] ids = new int[random.nextInt(12)];
                Arrays.setAll(ids, i -> random.nextInt(tokenizer.vocabularySize()));
                assertStreamed(tokenizer, ids);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tiny-llava", "sentencepiece", "bytelevel"})
    void aCharacterCutOffAtTheEndIsAReplacementCharacter(String vocabulary) throws Exception {
        try (Tokenizer tokenizer = open(vocabulary)) {
            int[] whole = tokenizer.encodeText("a\uD83D\uDE00");
            int[] cut = Arrays.copyOf(whole, whole.length - 1);
            AnswerText answer = new AnswerText(tokenizer, List.of("stop"));
            for (int id : cut) {
                answer.append(id);
            }

            assertThat(settled(tokenizer, cut)).isEqualTo("a");
            assertThat(answer.text()).startsWith("a\uFFFD").doesNotContain("\uD83D");
        }
    }

    private static void assertStreamed(Tokenizer tokenizer, int[] ids) {
        String whole = tokenizer.decode(ids);
        String settled = settled(tokenizer, ids);

        assertThat(whole).as(Arrays.toString(ids)).startsWith(settled);
        assertThat(whole.length() - settled.length()).isLessThan(MOST_HELD_BACK);
    }

    private static String settled(Tokenizer tokenizer, int[] ids) {
        IncrementalDecoder decoder = new IncrementalDecoder(tokenizer);
        StringBuilder text = new StringBuilder();
        for (int id : ids) {
            String pending = decoder.append(id);
            if (decoder.isSettled()) {
                text.append(pending);
                assertThat(Character.isHighSurrogate(last(text))).isFalse();
            }
        }
        return text.toString();
    }

    private static char last(StringBuilder text) {
        return text.isEmpty() ? ' ' : text.charAt(text.length() - 1);
    }

    /**
     * Phrases at random, at times with half a character at the end. Letters stand before it: in a
     * vocabulary with bytes as tokens, one stray byte makes the whole run of bytes around it
     * replacement characters, as in the reference, and so takes back what was right so far.
     */
    private static int[] answer(Tokenizer tokenizer, SplittableRandom random) {
        List<Integer> ids = new ArrayList<>();
        for (int count = random.nextInt(8); count >= 0; count--) {
            String phrase = PHRASES.get(random.nextInt(PHRASES.size()));
            int[] encoded =
                    random.nextBoolean()
                            ? tokenizer.encodeText(phrase)
                            : tokenizer.encodeContinuation(phrase + phrase);
            Arrays.stream(encoded).forEach(ids::add);
        }
        if (random.nextBoolean()) {
            int[] smile = tokenizer.encodeText("The \uD83D\uDE00");
            Arrays.stream(smile, 0, smile.length - 1 - random.nextInt(3)).forEach(ids::add);
        }
        return ids.stream().mapToInt(id -> id).toArray();
    }

    private static Tokenizer open(String vocabulary) throws Exception {
        return Tokenizer.load(
                Path.of(StreamedTextTest.class.getResource("/golden/" + vocabulary).toURI()));
    }
}
