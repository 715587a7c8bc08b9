package io.sightmill.tuning.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightmill.llava.TrainingSample;
import io.sightmill.tuning.samples.BadSample;
import io.sightmill.tuning.samples.BadSampleException;
import io.sightmill.tuning.samples.TrainingData;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BatchOrderTest {

    @Test
    void eachSampleIsSeenOnceAnEpoch() {
        BatchOrder order = new BatchOrder(ofLengths(1_003), 8, 5);

        List<int[]> epoch = order.epoch(0);

        assertThat(epoch).hasSize((int) order.batchesPerEpoch());
        assertThat(epoch.stream().flatMapToInt(Arrays::stream).sorted().toArray())
                .isEqualTo(IntStream.range(0, 1_003).toArray());
    }

    @Test
    void samplesOfLikeLengthShareABatch() {
        TrainingData<?> data = ofLengths(4_000);

        double spread =
                new BatchOrder(data, 8, 5)
                        .epoch(0).stream()
                                .mapToInt(
                                        batch ->
                                                Arrays.stream(batch)
                                                                .map(data::length)
                                                                .max()
                                                                .getAsInt()
                                                        - Arrays.stream(batch)
                                                                .map(data::length)
                                                                .min()
                                                                .getAsInt())
                                .average()
                                .orElseThrow();

        // Lengths go from 10 to 109; eight at random would spread over 78 of them.
        assertThat(spread).isLessThan(5);
    }

    @Test
    void longBatchesAreNotAllAtOneEnd() {
        TrainingData<?> data = ofLengths(4_000);
        List<int[]> epoch = new BatchOrder(data, 8, 5).epoch(0);
        double firstHalf =
                epoch.subList(0, 250).stream()
                        .mapToInt(batch -> data.length(batch[0]))
                        .average()
                        .orElseThrow();
        assertThat(firstHalf).isBetween(50.0, 70.0);
    }

    @Test
    void seedAndEpochDecideTheOrder() {
        TrainingData<?> data = ofLengths(100);

        int[] first = new BatchOrder(data, 4, 5).epoch(0).get(0);

        assertThat(new BatchOrder(data, 4, 5).epoch(0).get(0)).isEqualTo(first);
        assertThat(new BatchOrder(data, 4, 5).epoch(1).get(0)).isNotEqualTo(first);
        assertThat(new BatchOrder(data, 4, 6).epoch(0).get(0)).isNotEqualTo(first);
    }

    private static TrainingData<TrainingSample> ofLengths(int count) {
        return new TrainingData<>() {
            @Override
            public int size() {
                return count;
            }

            @Override
            public int length(int index) {
                return 10 + index * 37 % 100;
            }

            @Override
            public long learned() {
                return count;
            }

            @Override
            public TrainingSample sample(int index) {
                throw new UnsupportedOperationException("only lengths are asked for");
            }

            @Override
            public BadSample bad(int index, BadSampleException problem) {
                throw new UnsupportedOperationException("only lengths are asked for");
            }

            @Override
            public String fingerprint() {
                return "lengths";
            }
        };
    }
}
