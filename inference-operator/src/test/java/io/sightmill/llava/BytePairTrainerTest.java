package io.sightmill.llava;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightmill.llava.BytePairTrainer.Merges;
import io.sightmill.llava.BytePairTrainer.Pair;
import java.util.List;
import org.junit.jupiter.api.Test;

class BytePairTrainerTest {

    @Test
    void theMostFrequentPairIsMergedFirst() {
        Merges merges = BytePairTrainer.train(List.of("ab ab ac"), 2);

        assertThat(merges.merges())
                .containsExactly(new Pair("\u2581", "a"), new Pair("\u2581a", "b"));
        assertThat(merges.tokens()).containsExactly("\u2581a", "\u2581ab");
    }

    @Test
    void equallyFrequentPairsAreTakenInOrderOfTheirCharacters() {
        Merges merges = BytePairTrainer.train(List.of("xb ya"), 1);

        assertThat(merges.merges()).containsExactly(new Pair("x", "b"));
    }

    @Test
    void noTokenHoldsAWordAndPunctuationOrTwoWords() {
        Merges merges = BytePairTrainer.train(List.of("red, red, red? blue, blue!"), 100);

        assertThat(merges.tokens())
                .contains("\u2581red", "\u2581blue")
                .allMatch(token -> token.matches("\u2581?[a-z]+"));
    }

    @Test
    void trainingEndsWhereTheTextDoes() {
        assertThat(BytePairTrainer.train(List.of("a"), 100).tokens()).containsExactly("\u2581a");
        assertThat(BytePairTrainer.train(List.of(), 100).merges()).isEmpty();
    }

    @Test
    void aTokenMadeInTwoWaysIsListedOnce() {
        Merges merges =
                BytePairTrainer.train(List.of("abc abc abc xab xab xab xab ybc ybc ybc ybc"), 100);

        assertThat(merges.tokens()).doesNotHaveDuplicates();
    }
}
