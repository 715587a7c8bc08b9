package io.sightmill.tuning.instruct;

import java.util.List;
import java.util.Map;

/**
 * What came of a run, earlier ones in the same directory included.
 *
 * @param samples how many of each kind there are
 * @param failures how many samples failed in this run; the next run tries them again
 * @param firstFailures what became of the first of them, and of lines that were passed over
 * @param usage what the teacher was paid for, in all runs
 * @param isWhole whether every picture was tried
 */
public record InstructReport(
        Map<SampleKind, Long> samples,
        long failures,
        List<String> firstFailures,
        Lesson.Usage usage,
        boolean isWhole) {

    public InstructReport {
        samples = Map.copyOf(samples);
        firstFailures = List.copyOf(firstFailures);
    }
}
