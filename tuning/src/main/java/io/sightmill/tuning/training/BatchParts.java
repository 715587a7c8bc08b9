package io.sightmill.tuning.training;

import io.sightmill.llava.LearnedSample;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Cuts a batch into parts that go through the model in turn, on one lane or several. */
final class BatchParts {

    private BatchParts() {}

    /**
     * Samples of like length together, as few parts as the bound allows; a sample that is longer
     * than the bound is a part by itself. Parts take lanes in turn; each lane has about as much to
     * do as the others.
     *
     * @param mostPositions of a part, with every sequence as long as its longest
     */
    static <S extends LearnedSample> List<List<S>> of(List<S> batch, int mostPositions, int lanes) {
        List<S> sorted = new ArrayList<>(batch);
        sorted.sort(Comparator.comparingInt(LearnedSample::length).reversed());
        List<List<List<S>>> shares = new ArrayList<>();
        int most = 0;
        for (int lane = 0; lane < Math.min(lanes, sorted.size()); lane++) {
            List<S> share = new ArrayList<>();
            for (int at = lane; at < sorted.size(); at += lanes) {
                share.add(sorted.get(at));
            }
            shares.add(cut(share, mostPositions));
            most = Math.max(most, shares.get(lane).size());
        }
        List<List<S>> parts = new ArrayList<>();
        for (int round = 0; round < most; round++) {
            for (List<List<S>> share : shares) {
                if (round < share.size()) {
                    parts.add(share.get(round));
                }
            }
        }
        return parts;
    }

    /**
     * @param sorted long ones first
     */
    private static <S extends LearnedSample> List<List<S>> cut(List<S> sorted, int mostPositions) {
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
