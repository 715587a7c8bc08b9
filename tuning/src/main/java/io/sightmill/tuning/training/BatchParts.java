package io.sightmill.tuning.training;

import io.sightmill.llava.TrainingSample;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Cuts a batch into parts that go through the model one after the other. */
final class BatchParts {

    private BatchParts() {}

    /**
     * Samples of like length together, as few parts as the bound allows; a sample that is longer
     * than the bound is a part by itself.
     *
     * @param mostPositions of a part, with every sequence as long as its longest
     */
    static List<List<TrainingSample>> of(List<TrainingSample> batch, int mostPositions) {
        List<TrainingSample> sorted = new ArrayList<>(batch);
        sorted.sort(Comparator.comparingInt(TrainingSample::length).reversed());
        List<List<TrainingSample>> parts = new ArrayList<>();
        List<TrainingSample> part = new ArrayList<>();
        for (TrainingSample sample : sorted) {
            int longest = part.isEmpty() ? sample.length() : part.get(0).length();
            if (!part.isEmpty() && (part.size() + 1L) * longest > mostPositions) {
                parts.add(part);
                part = new ArrayList<>();
            }
            part.add(sample);
        }
        if (!part.isEmpty()) {
            parts.add(part);
        }
        return parts;
    }
}
