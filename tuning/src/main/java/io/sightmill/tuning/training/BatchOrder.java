package io.sightmill.tuning.training;

import io.sightmill.tuning.samples.TrainingData;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Which samples share a batch. An epoch's order is shuffled; stretches of it are sorted by length,
 * so that a batch's sequences are about as long as each other, and cut into batches, which are
 * shuffled again. All of it follows from seed and epoch alone. Thread-safe.
 */
final class BatchOrder {

    /** Batches that are sorted together: the authors' own number. */
    private static final int STRETCH = 50;

    private final TrainingData<?> data;
    private final int batchSize;
    private final long seed;

    BatchOrder(TrainingData<?> data, int batchSize, long seed) {
        this.data = data;
        this.batchSize = batchSize;
        this.seed = seed;
    }

    /** Batches an epoch has; the last may be smaller. */
    long batchesPerEpoch() {
        return (data.size() + (long) batchSize - 1) / batchSize;
    }

    /** The batches of an epoch in order, as indices of samples. */
    List<int[]> epoch(long number) {
        SplittableRandom random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + number);
        int[] order = IntStream.range(0, data.size()).toArray();
        shuffle(order, random);
        List<int[]> batches = new ArrayList<>();
        int stretch = Math.multiplyExact(STRETCH, batchSize);
        for (int from = 0; from < order.length; from += stretch) {
            int[] part = Arrays.copyOfRange(order, from, Math.min(order.length, from + stretch));
            int[] sorted =
                    Arrays.stream(part)
                            .boxed()
                            .sorted(Comparator.comparingInt(data::length).reversed())
                            .mapToInt(Integer::intValue)
                            .toArray();
            for (int at = 0; at < sorted.length; at += batchSize) {
                batches.add(
                        Arrays.copyOfRange(sorted, at, Math.min(sorted.length, at + batchSize)));
            }
        }
        int[] places = IntStream.range(0, batches.size()).toArray();
        shuffle(places, random);
        return Arrays.stream(places).mapToObj(batches::get).toList();
    }

    private static void shuffle(int[] values, SplittableRandom random) {
        for (int i = values.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int value = values[i];
            values[i] = values[j];
            values[j] = value;
        }
    }
}
