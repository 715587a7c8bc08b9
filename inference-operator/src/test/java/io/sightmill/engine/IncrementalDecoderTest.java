package io.sightmill.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class IncrementalDecoderTest {

    @Test
    void holdsACharacterBackUntilItsLastByte() {
        IncrementalDecoder decoder = new IncrementalDecoder(new ByteTokens());
        List<String> texts = new ArrayList<>();

        for (int token : ByteTokens.of("a€b")) {
            texts.add(decoder.append(token));
        }

        assertThat(texts).containsExactly("a", "", "", "€", "b");
    }

    @Test
    void showsWhatStandsBeforeAnUnfinishedCharacter() {
        TokenDecoder endThenHalfACharacter = ids -> ids.length == 1 ? "END\uFFFD" : "END€";
        IncrementalDecoder decoder = new IncrementalDecoder(endThenHalfACharacter);

        assertThat(decoder.append(1)).isEqualTo("END");
        assertThat(decoder.isSettled()).isFalse();
        assertThat(decoder.append(2)).isEqualTo("END€");
        assertThat(decoder.isSettled()).isTrue();
    }

    @Test
    void neverDecodesMoreThanAFewTokensAtOnce() {
        ByteTokens tokens = new ByteTokens();
        IncrementalDecoder decoder = new IncrementalDecoder(tokens);

        for (int at = 0; at < 1_000; at++) {
            decoder.append(at < 500 ? 'a' : 0xFF);
        }

        assertThat(tokens.longestDecoded()).isLessThan(20);
    }

    @Test
    void keepsGarbageThatNeverBecomesACharacter() {
        assertThat(incrementally(new ByteTokens(), new int[] {'a', 0xFF, 0xFF, 'b'}))
                .isEqualTo("a\uFFFD\uFFFDb");
    }

    @Test
    void givesTheTextOfTheWholeForRandomTokens() {
        PieceTokens tokens = new PieceTokens();
        SplittableRandom random = new SplittableRandom(7);

        for (int round = 0; round < 2_000; round++) {
            int[] ids = randomTokens(random);
            assertThat(incrementally(tokens, ids)).isEqualTo(tokens.decode(ids));
        }
    }

    private static int[] randomTokens(SplittableRandom random) {
        List<Integer> ids = new ArrayList<>();
        // The first has text: a space dropped at the start would else be dropped later, too.
        ids.add(0);
        for (int count = random.nextInt(12); count > 0; count--) {
            if (random.nextInt(3) == 0) {
                String character = List.of("€", "é", "😀").get(random.nextInt(3));
                for (byte unit : character.getBytes(StandardCharsets.UTF_8)) {
                    ids.add(PieceTokens.FIRST_BYTE + Byte.toUnsignedInt(unit));
                }
            } else {
                ids.add(random.nextInt(PieceTokens.PIECES.size()));
            }
        }
        ids.add(0);
        return ids.stream().mapToInt(id -> id).toArray();
    }

    private static String incrementally(TokenDecoder tokens, int[] ids) {
        IncrementalDecoder decoder = new IncrementalDecoder(tokens);
        StringBuilder text = new StringBuilder();
        for (int id : ids) {
            String pending = decoder.append(id);
            if (decoder.isSettled()) {
                text.append(pending);
            }
        }
        return text.toString();
    }
}
