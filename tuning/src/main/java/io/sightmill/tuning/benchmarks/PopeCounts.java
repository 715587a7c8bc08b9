package io.sightmill.tuning.benchmarks;

import java.util.Map;

/**
 * How yes and no fell, and the figures that follow.
 *
 * @param trueYes right where yes was right; the others likewise
 */
record PopeCounts(long trueYes, long falseYes, long trueNo, long falseNo) {

    static final PopeCounts NONE = new PopeCounts(0, 0, 0, 0);

    static PopeCounts of(boolean isYes, boolean saysYes) {
        return new PopeCounts(
                isYes && saysYes ? 1 : 0,
                !isYes && saysYes ? 1 : 0,
                !isYes && !saysYes ? 1 : 0,
                isYes && !saysYes ? 1 : 0);
    }

    PopeCounts plus(PopeCounts other) {
        return new PopeCounts(
                trueYes + other.trueYes,
                falseYes + other.falseYes,
                trueNo + other.trueNo,
                falseNo + other.falseNo);
    }

    private long all() {
        return trueYes + falseYes + trueNo + falseNo;
    }

    /** From 0 to 1; NaN where precision and recall are both 0 or nothing was asked. */
    double f1() {
        return 2.0 * trueYes / (2.0 * trueYes + falseYes + falseNo);
    }

    /** Adds the figures of a category, their keys beginning with it. */
    void into(Map<String, Figure> figures, String category) {
        figures.put(category + ".questions", Figure.count(category + " questions", all()));
        figures.put(
                category + ".accuracy",
                Figure.percent(category + " accuracy", trueYes + trueNo, all()));
        figures.put(
                category + ".precision",
                Figure.percent(category + " precision", trueYes, trueYes + falseYes));
        figures.put(
                category + ".recall",
                Figure.percent(category + " recall", trueYes, trueYes + falseNo));
        figures.put(category + ".f1", Figure.percent(category + " F1", f1(), 1));
        figures.put(
                category + ".yes",
                Figure.percent(category + " answered yes", trueYes + falseYes, all()));
    }
}
