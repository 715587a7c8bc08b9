package io.sightmill.tuning.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightmill.llava.LearnedSample;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BatchPartsTest {

    /** Of a length and nothing else. */
    private record Sample(int length) implements LearnedSample {

        @Override
        public int learned() {
            return 1;
        }
    }

    @Test
    void partsAreAsFewAsTheBoundAllowsAndOfLikeLength() {
        assertThat(lengths(BatchParts.of(samples(10, 30, 20, 40, 25), 60, 1)))
                .containsExactly(List.of(40), List.of(30, 25), List.of(20, 10));
    }

    @Test
    void aSampleLongerThanTheBoundIsAPartByItself() {
        assertThat(lengths(BatchParts.of(samples(10, 100), 60, 1)))
                .containsExactly(List.of(100), List.of(10));
    }

    @Test
    void lanesTakeTurnsAndHaveAboutAsMuchToDo() {
        List<List<Integer>> parts =
                lengths(BatchParts.of(samples(10, 30, 20, 40, 25, 15), 1_000, 2));

        assertThat(parts).containsExactly(List.of(40, 25, 15), List.of(30, 20, 10));
    }

    @Test
    void aLaneThatNeedsMorePartsGoesOnAlone() {
        List<List<Integer>> parts = lengths(BatchParts.of(samples(50, 30, 50, 10), 60, 2));

        assertThat(parts).containsExactly(List.of(50), List.of(50), List.of(30), List.of(10));
    }

    @Test
    void aBatchWithoutSamplesHasNoParts() {
        assertThat(BatchParts.of(samples(), 60, 2)).isEmpty();
    }

    private static List<Sample> samples(int... lengths) {
        return IntStream.of(lengths).mapToObj(Sample::new).toList();
    }

    private static List<List<Integer>> lengths(List<List<Sample>> parts) {
        return parts.stream()
                .map(part -> part.stream().map(LearnedSample::length).toList())
                .toList();
    }
}
