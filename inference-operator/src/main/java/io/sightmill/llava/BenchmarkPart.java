package io.sightmill.llava;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What {@link EngineBenchmark} can measure, in this order. */
public enum BenchmarkPart {
    /** Read bandwidth and matrix-product rate of the library: what the others are shares of. */
    ROOFLINE(0.06),
    /** One image through vision tower and projector. */
    ENCODE(0.05, ROOFLINE),
    /** A prompt of {@value EngineBenchmark#PROMPT_TOKENS} tokens. */
    PREFILL(0.07, ROOFLINE),
    /** Decode steps of 1 to 32 sequences. */
    DECODE(0.14, ROOFLINE),
    /** The engine's own share of a step. */
    OVERHEAD(0.08),
    /** Answers a second of continuous batching. */
    MIXED(0.2, ENCODE, PREFILL, DECODE),
    /** The same of static batches, and if both are measured how they compare. */
    BATCHES(0.15, ENCODE, PREFILL, DECODE),
    /** Time to the first token and between tokens under a load that comes at random times. */
    LATENCY(0.16, ENCODE, PREFILL, DECODE),
    /** Five tasks on one image against five requests. */
    TASKS(0.08),
    /** What equal bits cost: of a restore, and of chunks. */
    EXACTNESS(0.1),
    /** Everything in flight as plain data. */
    SNAPSHOT(0.01);

    private final double weight;
    private final List<BenchmarkPart> needs;

    BenchmarkPart(double weight, BenchmarkPart... needs) {
        this.weight = weight;
        this.needs = List.of(needs);
    }

    /** What a user calls it. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Its share of the time of a run with all parts. */
    double weight() {
        return weight;
    }

    /** These and the parts whose figures they are compared with. */
    static Set<BenchmarkPart> withNeeded(Set<BenchmarkPart> wanted) {
        Set<BenchmarkPart> all = EnumSet.noneOf(BenchmarkPart.class);
        for (BenchmarkPart part : wanted) {
            all.add(part);
            if (!part.needs.isEmpty()) {
                all.addAll(withNeeded(EnumSet.copyOf(part.needs)));
            }
        }
        return all;
    }

    /**
     * @throws IllegalArgumentException if no part has this key; the message lists those there are
     */
    public static BenchmarkPart of(String key) {
        return Arrays.stream(values())
                .filter(part -> part.key().equals(key))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "there is no part '%s'; the parts are %s"
                                                .formatted(key, String.join(", ", keys()))));
    }

    /** All keys in order. */
    public static List<String> keys() {
        return Arrays.stream(values()).map(BenchmarkPart::key).toList();
    }
}
