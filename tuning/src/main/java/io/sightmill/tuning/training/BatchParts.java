package io.sightmill.tuning.training;

import io.sightmill.llava.LearnedSample;
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
    static <S extends LearnedSample> List<List<S>> of(List<S> batch, int mostPositions) {
        List<S> sorted = new ArrayList<>(batch);
        sorted.sort(Comparator.comparingInt(LearnedSample::length).reversed());
        List<List<S>> parts = new ArrayList<>();
        List<S> part = new ArrayList<>();
        for (S sample : sorted) {
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
