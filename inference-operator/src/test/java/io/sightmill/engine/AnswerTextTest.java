package io.sightmill.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AnswerTextTest {

    private final ByteTokens tokens = new ByteTokens();

    @Test
    void findsAStopStringAcrossTokens() {
        AnswerText text = text("STOP");

        assertThat(tokensUntilStop(text, "one STOP two")).isEqualTo("one STOP".length());
        assertThat(text.text()).isEqualTo("one ");
    }

    @Test
    void findsAStopStringOfCharactersOfSeveralTokens() {
        AnswerText text = text("€€");

        assertThat(tokensUntilStop(text, "a€b€€")).isEqualTo(ByteTokens.of("a€b€€").length);
        assertThat(text.text()).isEqualTo("a€b");
    }

    @Test
    void findsAStopStringThatIsOneCharacter() {
        AnswerText text = text("\n");

        assertThat(tokensUntilStop(text, "a\nb")).isEqualTo(2);
        assertThat(text.text()).isEqualTo("a");
    }

    @Test
    void findsAStopStringInTheMiddleOfAToken() {
        TokenDecoder words = ids -> "x; y".repeat(ids.length);
        AnswerText text = new AnswerText(words, List.of(";"));

        assertThat(text.append(1)).isTrue();
        assertThat(text.text()).isEqualTo("x");
    }

    @Test
    void cutsBeforeTheFirstOfSeveral() {
        AnswerText text = text("never", "bc", "abcd");

        assertThat(tokensUntilStop(text, "xabcd")).isEqualTo(4);
        assertThat(text.text()).isEqualTo("xa");
    }

    @Test
    void aStopStringThatAlmostBeginsIsNoEnd() {
        assertThat(tokensUntilStop(text("aab"), "aaaab")).isEqualTo(5);
        assertThat(tokensUntilStop(text("STOP"), "ST OP STO P")).isEqualTo(-1);
    }

    @Test
    void garbageBetweenTwoHalvesKeepsThemApart() {
        AnswerText text = text("ab");
        text.append('a');
        boolean stopped = false;
        for (int count = 0; count < 50; count++) {
            stopped |= text.append(0xFF);
        }
        stopped |= text.append('b');

        assertThat(stopped).isFalse();
    }

    @Test
    void withoutStopStringsNothingIsDecodedBeforeTheEnd() {
        AnswerText text = text();

        tokensUntilStop(text, "some words");

        assertThat(tokens.longestDecoded()).isZero();
        assertThat(text.text()).isEqualTo("some words");
    }

    @Test
    void findsItExactlyWhenTheTextSoFarHoldsIt() {
        SplittableRandom random = new SplittableRandom(11);
        for (int round = 0; round < 3_000; round++) {
            String stop = randomText(random, 1 + random.nextInt(4));
            String answer = randomText(random, 30);
            int at = answer.indexOf(stop);
            AnswerText text = text(stop);

            int count = tokensUntilStop(text, answer);

            String upToStop = at < 0 ? "" : answer.substring(0, at + stop.length());
            assertThat(count).isEqualTo(at < 0 ? -1 : ByteTokens.of(upToStop).length);
            assertThat(text.text()).isEqualTo(at < 0 ? answer : answer.substring(0, at));
        }
    }

    private static String randomText(SplittableRandom random, int characters) {
        StringBuilder text = new StringBuilder();
        for (int count = 0; count < characters; count++) {
            text.append(List.of("a", "b", "é", "😀").get(random.nextInt(4)));
        }
        return text.toString();
    }

    private AnswerText text(String... stop) {
        return new AnswerText(tokens, List.of(stop));
    }

    private static int tokensUntilStop(AnswerText text, String answer) {
        int[] ids = ByteTokens.of(answer);
        for (int count = 1; count <= ids.length; count++) {
            if (text.append(ids[count - 1])) {
                return count;
            }
        }
        return -1;
    }
}
