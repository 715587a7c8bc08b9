package io.sightmill.llava;

import java.util.Arrays;

/**
 * Which positions of a sample are learned, in three numbers a stretch: enough to make the sample
 * again without looking for its answers, which takes ten times as long. Immutable.
 */
public final class LearnedStretches {

    /** First position, position behind, and what the last of them predicts. */
    private static final int NUMBERS = 3;

    private final int length;
    private final int[] numbers;

    private LearnedStretches(int length, int[] numbers) {
        this.length = length;
        this.numbers = numbers;
    }

    /** Those of a sample. */
    public static LearnedStretches of(TrainingSample sample) {
        int[] ids = sample.sequence().tokenIds();
        int[] targets = sample.targets();
        int[] numbers = new int[NUMBERS * targets.length];
        int count = 0;
        for (int begin = 0; begin < targets.length; begin++) {
            if (targets[begin] == TrainingSample.IGNORED) {
                continue;
            }
            int last = begin;
            while (predictsNext(ids, targets, last) && isLearned(targets, last + 1)) {
                last++;
            }
            numbers[count++] = begin;
            numbers[count++] = last + 1;
            numbers[count++] = targets[last];
            begin = last;
        }
        return new LearnedStretches(targets.length, Arrays.copyOf(numbers, count));
    }

    private static boolean predictsNext(int[] ids, int[] targets, int position) {
        return position + 1 < ids.length && targets[position] == ids[position + 1];
    }

    private static boolean isLearned(int[] targets, int position) {
        return position < targets.length && targets[position] != TrainingSample.IGNORED;
    }

    /** Positions of the sample. */
    public int length() {
        return length;
    }

    /** The targets of the sample, given its ids. */
    int[] targets(int[] ids) {
        int[] targets = new int[ids.length];
        Arrays.fill(targets, TrainingSample.IGNORED);
        for (int at = 0; at < numbers.length; at += NUMBERS) {
            int begin = numbers[at];
            int last = numbers[at + 1] - 1;
            System.arraycopy(ids, begin + 1, targets, begin, last - begin);
            targets[last] = numbers[at + 2];
        }
        return targets;
    }
}
