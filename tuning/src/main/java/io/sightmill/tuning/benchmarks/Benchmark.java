package io.sightmill.tuning.benchmarks;

import java.util.List;

/** A published benchmark, its files read. */
public interface Benchmark {

    /** What a model is asked, in the order of the file. */
    List<BenchmarkQuestion> questions();

    /** Most tokens of an answer where the user says nothing else, as the authors ask. */
    int maxNewTokens();

    /**
     * Marks answers.
     *
     * @param bad hears of answers that cannot be marked, and of questions without one where the
     *     benchmark has no rule for that; they are left out
     */
    BenchmarkReport score(List<GivenAnswer> answers, BadEntries bad);
}
