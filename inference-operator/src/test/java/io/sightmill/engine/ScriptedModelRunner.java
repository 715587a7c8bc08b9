package io.sightmill.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A model for tests: its tokens are a function of request and index, and it holds the engine to the
 * contract at every call. Keeps a log of what each step ran.
 */
final class ScriptedModelRunner implements ModelRunner {

    static final Duration ENCODE = Duration.ofMillis(7);
    static final Duration PREFILL = Duration.ofMillis(5);
    static final Duration DECODE = Duration.ofMillis(3);

    private final EngineOptions options;
    private final AtomicLong clock;
    private final Map<String, int[]> answers = new HashMap<>();
    private final Map<String, Supplier<Throwable>> throwing = new HashMap<>();
    private final Map<String, Integer> throwingFromToken = new HashMap<>();
    private final Set<String> failing = new HashSet<>();
    private final Set<String> failingTasks = new HashSet<>();
    private final Map<String, Supplier<Throwable>> throwingTasks = new HashMap<>();
    private final Set<String> refusing = new HashSet<>();

    /** Positions of KV memory filled, by admitted sequence. */
    private final Map<Sequence, Integer> filled = new HashMap<>();

    /** What each position holds: made of all before it and of where its chunk began. */
    private final Map<Sequence, int[]> content = new HashMap<>();

    private final List<List<String>> steps = new ArrayList<>();
    private final List<String> admissions = new ArrayList<>();
    private final Set<String> admitted = new HashSet<>();
    private Consumer<Sequence> onAdmission = sequence -> {};
    private Supplier<RuntimeException> breakdown;
    private final Set<Sequence> lost = new HashSet<>();
    private boolean hangsOnce;
    private int hangs;
    private int probes;
    private int encodes;
    private int released;
    private long tokensRun;
    private long begunRun;
    private int page = 1;

    ScriptedModelRunner(EngineOptions options, AtomicLong clock) {
        this.options = options;
        this.clock = clock;
    }

    /** Has KV memory in pages of so many positions. */
    void pages(int positions) {
        page = positions;
    }

    /** Scripts an answer; after its tokens, and without a script, letters follow without end. */
    void answers(String requestId, int... tokens) {
        answers.put(requestId, tokens);
    }

    /** Throws whenever the request is in the plan. */
    void throwsFor(String requestId, Supplier<Throwable> throwable) {
        throwsFor(requestId, 0, throwable);
    }

    /** Throws when the request is in the plan and has this many tokens or more. */
    void throwsFor(String requestId, int tokens, Supplier<Throwable> throwable) {
        throwing.put(requestId, throwable);
        throwingFromToken.put(requestId, tokens);
    }

    /** Never returns when the request is in the plan and has this many tokens or more. */
    void hangsFor(String requestId, int tokens) {
        throwsFor(requestId, tokens, () -> null);
    }

    /** Does not return from the next step, whatever it runs. */
    void hangsOnce() {
        hangsOnce = true;
    }

    /** How many calls have hung. */
    int hangs() {
        return hangs;
    }

    /** As {@link WatchedRunner} does it: what was admitted is gone. */
    private void hang(BatchPlan plan) {
        hangs++;
        lost.addAll(filled.keySet());
        filled.clear();
        content.clear();
        admitted.clear();
        throw new CallHungException("run", Duration.ofSeconds(1), Optional.of(plan));
    }

    /** Reports the request as failed. */
    void failsFor(String requestId) {
        failing.add(requestId);
    }

    /** Reports the task of this name as failed, whatever its request. */
    void failsForTask(String taskId) {
        failingTasks.add(taskId);
    }

    /** Throws whenever the task of this name is in the plan, whatever its request. */
    void throwsForTask(String taskId, Supplier<Throwable> throwable) {
        throwingTasks.put(taskId, throwable);
    }

    /** From now on nothing works, not even a probe. */
    void breaksDown(Supplier<RuntimeException> throwable) {
        breakdown = throwable;
    }

    /** How often it was asked whether anything works. */
    int probes() {
        return probes;
    }

    @Override
    public void probe() {
        probes++;
        if (breakdown != null) {
            throw breakdown.get();
        }
    }

    /** Throws when the request is admitted. */
    void refuses(String requestId) {
        refusing.add(requestId);
    }

    /** Does this before each admission. */
    void onAdmission(Consumer<Sequence> reaction) {
        onAdmission = reaction;
    }

    /** Whether a sequence holds memory now. */
    boolean isAdmitted(String name) {
        return admitted.contains(name);
    }

    /**
     * What ran, a list a step, as "prefill a[0,3)", "copy a/t2<a/t1[0,3)", "decode a@3" or "embed
     * a".
     */
    List<List<String>> steps() {
        return steps;
    }

    List<String> admissions() {
        return admissions;
    }

    int released() {
        return released;
    }

    static int letter(String requestId, int index) {
        return 'a' + Math.floorMod(requestId.hashCode() * 31 + index * 7 + index * index, 26);
    }

    @Override
    public int heldKvTokens(PreparedTask task) {
        return (task.mostKvTokens() + page - 1) / page * page;
    }

    @Override
    public void admit(Sequence sequence) {
        if (refusing.contains(sequence.request().requestId())) {
            throw new IllegalArgumentException("scripted refusal");
        }
        onAdmission.accept(sequence);
        assertThat(filled).as("admitted twice").doesNotContainKey(sequence);
        filled.put(sequence, 0);
        content.put(sequence, new int[sequence.prefill().length()]);
        admissions.add(name(sequence));
        admitted.add(name(sequence));
        int reserved = filled.keySet().stream().mapToInt(s -> heldKvTokens(s.task())).sum();
        assertThat(reserved).as("KV budget").isLessThanOrEqualTo(options.kvTokens());
    }

    @Override
    public void release(Sequence sequence) {
        if (lost.remove(sequence)) {
            released++;
            return;
        }
        assertThat(filled.remove(sequence)).as("released once, after admission").isNotNull();
        content.remove(sequence);
        admitted.remove(name(sequence));
        released++;
    }

    @Override
    public StepResult run(BatchPlan plan) {
        requireSound(plan);
        if (breakdown != null) {
            throw breakdown.get();
        }
        throwIfScripted(plan);
        steps.add(describe(plan));
        tokensRun += plan.stepTokens();
        begunRun += working(plan) + plan.embeds().size();
        List<SequenceOutput> outputs = new ArrayList<>();
        plan.embeds().forEach(sequence -> outputs.add(embed(sequence)));
        plan.prefills().forEach(chunk -> prefill(chunk, outputs));
        plan.decodes().forEach(sequence -> outputs.add(decode(sequence)));
        clock.addAndGet(ENCODE.plus(PREFILL).plus(DECODE).toNanos());
        return new StepResult(outputs, ENCODE, PREFILL, DECODE);
    }

    /** Tokens of all steps so far. */
    long tokensRun() {
        return tokensRun;
    }

    /** Chunks and EMBED images of all steps so far. */
    long begunRun() {
        return begunRun;
    }

    private static long working(BatchPlan plan) {
        return plan.prefills().stream().filter(chunk -> chunk.length() > 0).count();
    }

    /** How often images were encoded to prefill them, without any cache of theirs. */
    int encodes() {
        return encodes;
    }

    private boolean isFailing(Sequence sequence) {
        return failing.contains(sequence.request().requestId())
                || failingTasks.contains(sequence.id().taskId());
    }

    private SequenceOutput embed(Sequence sequence) {
        if (isFailing(sequence)) {
            return new SequenceOutput.Failed(sequence.id(), Stage.ENCODE, "scripted failure");
        }
        float[] vector = {sequence.id().hashCode()};
        return new SequenceOutput.Vectors(
                sequence.id(), Collections.nCopies(sequence.prompt().images().size(), vector));
    }

    private void prefill(PrefillChunk chunk, List<SequenceOutput> outputs) {
        Sequence sequence = chunk.sequence();
        filled.put(sequence, chunk.to());
        int[] own = content.get(sequence);
        chunk.prefixOf()
                .ifPresent(owner -> System.arraycopy(content.get(owner), 0, own, 0, chunk.from()));
        fill(own, sequence.prefill(), chunk.from(), chunk.to());
        for (ImageSpan span : sequence.prompt().images()) {
            encodes += span.end() > chunk.from() && span.end() <= chunk.to() ? 1 : 0;
        }
        if (chunk.isLast()) {
            assertThat(own).as("keys and values").isEqualTo(alone(sequence.prefill()));
        }
        if (isFailing(sequence)) {
            outputs.add(
                    new SequenceOutput.Failed(sequence.id(), Stage.PREFILL, "scripted failure"));
        } else if (chunk.isLast() && sequence.task().kind() == TaskKind.SCORE) {
            outputs.add(new SequenceOutput.LabelScores(sequence.id(), scores(sequence)));
        } else if (chunk.isLast()) {
            outputs.add(token(sequence));
        }
    }

    private SequenceOutput decode(Sequence sequence) {
        filled.merge(sequence, 1, Integer::sum);
        return isFailing(sequence)
                ? new SequenceOutput.Failed(sequence.id(), Stage.DECODE, "scripted failure")
                : token(sequence);
    }

    private SequenceOutput token(Sequence sequence) {
        return new SequenceOutput.Token(
                sequence.id(), tokenAt(sequence.request().requestId(), sequence.tokenCount()));
    }

    private int tokenAt(String requestId, int index) {
        int[] answer = answers.getOrDefault(requestId, new int[0]);
        return index < answer.length ? answer[index] : letter(requestId, index);
    }

    private static double[] scores(Sequence sequence) {
        int labels = sequence.task().labels().size();
        return Stream.generate(() -> 1.0 / labels).limit(labels).mapToDouble(p -> p).toArray();
    }

    private void requireSound(BatchPlan plan) {
        List<Sequence> all = sequences(plan);
        assertThat(all).as("a sequence is planned once").doesNotHaveDuplicates();
        assertThat(all.size()).as("places").isLessThanOrEqualTo(options.maxSequences());
        assertThat(filled.keySet()).as("planned sequences are admitted").containsAll(all);
        int prefillTokens = plan.prefills().stream().mapToInt(ScriptedModelRunner::cost).sum();
        int embedTokens = plan.embeds().stream().mapToInt(s -> s.prompt().imageTokens()).sum();
        if (working(plan) + plan.embeds().size() > 1) {
            assertThat(prefillTokens + embedTokens + plan.decodes().size())
                    .as("tokens of a step")
                    .isLessThanOrEqualTo(options.stepTokens());
        }
        assertThat(plan.embeds()).allMatch(s -> s.task().kind() == TaskKind.EMBED);
        plan.prefills().forEach(this::requireSound);
        plan.decodes().forEach(this::requireSound);
    }

    /** What a prompt's positions hold if nothing else ever runs. */
    private int[] alone(Prompt prompt) {
        ChunkBorders borders = new ChunkBorders(options.chunkTokens());
        int[] positions = new int[prompt.length()];
        for (int from = 0; from < prompt.length(); from = borders.next(prompt, from)) {
            fill(positions, prompt, from, borders.next(prompt, from));
        }
        return positions;
    }

    private static void fill(int[] positions, Prompt prompt, int from, int to) {
        int[] images = new int[prompt.length()];
        for (ImageSpan span : prompt.images()) {
            Arrays.fill(images, span.start(), span.end(), span.image().key().hashCode());
        }
        for (int at = from; at < to; at++) {
            int before = at == 0 ? 1 : positions[at - 1];
            positions[at] = (before * 31 + prompt.tokenIds()[at]) * 31 + images[at] * 7 + from;
        }
    }

    private static int cost(PrefillChunk chunk) {
        return chunk.length() + (chunk.isLast() ? chunk.sequence().task().labelTokens() : 0);
    }

    private void requireSound(PrefillChunk chunk) {
        Prompt prompt = chunk.sequence().prefill();
        int begun = chunk.prefixOf().isPresent() ? 0 : chunk.from();
        assertThat(begun).as("where prefill goes on").isEqualTo(at(chunk.sequence()));
        chunk.prefixOf()
                .ifPresent(owner -> assertThat(at(owner)).isGreaterThanOrEqualTo(chunk.from()));
        for (ImageSpan span : prompt.images()) {
            boolean cut = span.start() < chunk.to() && chunk.to() < span.end();
            assertThat(cut).as("image cut by %s", chunk).isFalse();
        }
    }

    private void requireSound(Sequence sequence) {
        assertThat(sequence.task().kind()).isEqualTo(TaskKind.GENERATE);
        assertThat(sequence.inputPosition()).as("position fed").isEqualTo(at(sequence));
        assertThat(at(sequence)).as("room left").isLessThan(sequence.task().mostKvTokens());
        assertThat(sequence.inputToken())
                .as("token fed")
                .isEqualTo(expected(sequence, sequence.tokenCount() - 1));
    }

    private int expected(Sequence sequence, int index) {
        int[] soFar = sequence.request().tokensSoFar();
        return index < soFar.length ? soFar[index] : tokenAt(sequence.request().requestId(), index);
    }

    private int at(Sequence sequence) {
        return filled.get(sequence);
    }

    private void throwIfScripted(BatchPlan plan) {
        if (hangsOnce) {
            hangsOnce = false;
            hang(plan);
        }
        for (Sequence sequence : sequences(plan)) {
            String requestId = sequence.request().requestId();
            if (throwingTasks.containsKey(sequence.id().taskId())) {
                sneak(throwingTasks.get(sequence.id().taskId()).get());
            }
            if (throwing.containsKey(requestId)
                    && sequence.tokenCount() >= throwingFromToken.get(requestId)) {
                Throwable scripted = throwing.get(requestId).get();
                if (scripted == null) {
                    hang(plan);
                }
                sneak(scripted);
            }
        }
    }

    private static void sneak(Throwable throwable) {
        if (throwable instanceof Error error) {
            throw error;
        }
        throw (RuntimeException) throwable;
    }

    private static List<Sequence> sequences(BatchPlan plan) {
        return Stream.of(
                        plan.embeds(),
                        plan.prefills().stream().map(PrefillChunk::sequence).toList(),
                        plan.decodes())
                .flatMap(Collection::stream)
                .toList();
    }

    private static List<String> describe(BatchPlan plan) {
        List<String> words = new ArrayList<>();
        plan.embeds().forEach(sequence -> words.add("embed " + name(sequence)));
        plan.prefills().forEach(chunk -> describe(chunk, words));
        for (Sequence sequence : plan.decodes()) {
            words.add("decode " + name(sequence) + "@" + sequence.inputPosition());
        }
        return words;
    }

    private static void describe(PrefillChunk chunk, List<String> words) {
        String name = name(chunk.sequence());
        chunk.prefixOf()
                .ifPresent(
                        owner ->
                                words.add(
                                        "copy %s<%s[0,%d)"
                                                .formatted(name, name(owner), chunk.from())));
        if (chunk.length() > 0) {
            words.add("prefill %s[%d,%d)".formatted(name, chunk.from(), chunk.to()));
        }
    }

    private static String name(Sequence sequence) {
        return RecordingListener.name(sequence.id());
    }
}
