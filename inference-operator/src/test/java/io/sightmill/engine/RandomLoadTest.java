package io.sightmill.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random loads against random engines. The scripted runner checks the budget, positions and
 * releases at every call; here it is checked that everybody ends once, as alone, and in order.
 */
class RandomLoadTest {

    private static final int SCHEDULES_A_SEED = 700;

    private long preemptions;
    private long late;
    private long cached;
    private long kept;
    private long hangs;
    private long latecomers;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void everySequenceEndsOnceInOrderAndAsIfAlone(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int schedule = 0; schedule < SCHEDULES_A_SEED; schedule++) {
            new RandomLoad(random).run();
        }
        assertThat(preemptions).as("preemptions met").isGreaterThan(100);
        assertThat(late).as("late ones met").isGreaterThan(100);
        assertThat(cached).as("positions shared").isGreaterThan(1_000);
        assertThat(hangs).as("calls that hung").isGreaterThan(100);
        assertThat(latecomers).as("requests that came during a step").isGreaterThan(100);
        assertThat(kept).as("positions kept for those that waited").isGreaterThan(100);
    }

    /** One schedule: requests arrive, are cancelled and fail while the engine steps. */
    private final class RandomLoad {

        private final SplittableRandom random;
        private final EngineOptions options;
        private final EngineFixture fixture;
        private final Map<String, SequenceRequest> submitted = new HashMap<>();
        private final Map<Lane, List<String>> order = new HashMap<>();
        private final Set<String> passedOver = new HashSet<>();
        private final Set<String> faulty = new HashSet<>();
        private final int requests;
        private final boolean hasLatecomers;
        private int arrived;

        RandomLoad(SplittableRandom random) {
            this.random = random;
            this.requests = 1 + random.nextInt(20);
            this.hasLatecomers = random.nextBoolean();
            int maxSequences = 1 + random.nextInt(8);
            this.options =
                    new EngineOptions(
                            maxSequences,
                            20 + random.nextInt(200),
                            maxSequences + random.nextInt(60),
                            1 + random.nextInt(20),
                            0.05 + 0.6 * random.nextDouble(),
                            0,
                            random.nextInt(4) == 0);
            this.fixture = new EngineFixture(options);
            fixture.runner.onAdmission(this::notePassedOver);
            fixture.runner.pages(1 + random.nextInt(8));
        }

        void run() {
            while (arrived < requests) {
                if (random.nextInt(3) > (hasLatecomers ? 1 : 0)) {
                    submitRecord("r" + arrived++);
                } else {
                    step();
                }
            }
            while (fixture.engine.hasWork()) {
                step();
                assertThat(fixture.engine.counters().steps()).as("no end").isLessThan(10_000);
            }
            requireAllEnded();
            requireOrder();
            preemptions += fixture.engine.counters().preemptions();
            late += fixture.engine.counters().late();
            cached += fixture.engine.counters().cachedTokens();
            if (options.maxSequences() == 1) {
                kept += fixture.engine.counters().cachedTokens();
            }
            hangs += fixture.runner.hangs();
        }

        private void step() {
            long before = progress();
            int hangsBefore = fixture.runner.hangs();
            long tokensBefore = fixture.runner.tokensRun();
            long begunBefore = fixture.runner.begunRun();
            if (hasLatecomers) {
                fixture.engine.step(this::arrive);
            } else {
                fixture.engine.step();
            }
            // A first chunk may be larger than a step.
            if (fixture.runner.begunRun() - begunBefore > 1) {
                assertThat(fixture.runner.tokensRun() - tokensBefore)
                        .as("tokens of a step")
                        .isLessThanOrEqualTo(options.stepTokens());
            }
            assertThat(fixture.engine.counters().running())
                    .isLessThanOrEqualTo(options.maxSequences());
            assertThat(fixture.engine.counters().kvTokensUsed())
                    .isLessThanOrEqualTo(options.kvTokens());
            if (fixture.engine.hasWork() && fixture.runner.hangs() == hangsBefore) {
                assertThat(progress()).as("every step brings something on").isGreaterThan(before);
            }
            requireNobodyPassedOver();
            if (random.nextInt(12) == 0 && !submitted.isEmpty()) {
                fixture.engine.cancel("r" + random.nextInt(submitted.size()));
            }
        }

        /** Between two parts of a step. */
        private void arrive() {
            if (random.nextBoolean() && arrived < requests) {
                submitRecord("r" + arrived++);
                latecomers++;
            } else if (random.nextInt(20) == 0) {
                fixture.engine.cancel("r" + random.nextInt(requests));
            }
        }

        private long progress() {
            EngineCounters counters = fixture.engine.counters();
            return counters.promptTokens()
                    + counters.cachedTokens()
                    + counters.generatedTokens()
                    + counters.replayedTokens()
                    + counters.finished()
                    + counters.late()
                    + counters.failed();
        }

        private void submitRecord(String requestId) {
            if (random.nextInt(12) == 0) {
                faulty.add(requestId);
                if (random.nextInt(3) == 0) {
                    fixture.runner.hangsFor(requestId, random.nextInt(5));
                } else {
                    fixture.runner.throwsFor(
                            requestId, random.nextInt(3), () -> new IllegalStateException("boom"));
                }
            }
            Lane lane = random.nextBoolean() ? Lane.LIVE : Lane.BULK;
            Prompt common = TestRequests.prompt(random.nextInt(40), 1 + random.nextInt(40), 0);
            submit(request(requestId, lane, common));
            int others = random.nextInt(3) == 0 ? random.nextInt(5) : 0;
            for (int task = 0; task < others; task++) {
                submit(TestRequests.task("t" + task, request(requestId, lane, common)));
            }
        }

        private void submit(SequenceRequest task) {
            SequenceRequest request = task;
            if (random.nextInt(6) == 0) {
                request = request.withDeadline(fixture.now().plusMillis(random.nextInt(900)));
            }
            String name = RecordingListener.name(request.id());
            submitted.put(name, request);
            order.computeIfAbsent(request.lane(), lane -> new ArrayList<>()).add(name);
            fixture.submit(request);
        }

        private SequenceRequest request(String requestId, Lane lane, Prompt common) {
            switch (random.nextInt(8)) {
                case 0:
                    return TestRequests.embed(requestId, lane, 1 + random.nextInt(80));
                case 1:
                    return TestRequests.score(requestId, lane, 1 + random.nextInt(80), 3);
                default:
                    GenerationOptions generation = GenerationOptions.greedy(1 + random.nextInt(30));
                    SequenceRequest fresh =
                            TestRequests.generate(requestId, lane, asking(common), generation);
                    int known = random.nextBoolean() ? 0 : random.nextInt(12);
                    return TestRequests.continuing(fresh, letters(requestId, known));
            }
        }

        /** The prompt with a question of a few different words after it. */
        private Prompt asking(Prompt common) {
            int question = random.nextInt(40);
            int[] tokens = Arrays.copyOf(common.tokenIds(), common.length() + question);
            for (int at = common.length(); at < tokens.length; at++) {
                tokens[at] = random.nextInt(10) == 0 ? 1 : 0;
            }
            return new Prompt(tokens, common.images());
        }

        private void requireAllEnded() {
            RecordingListener listener = fixture.listener;
            for (SequenceRequest request : submitted.values()) {
                String name = RecordingListener.name(request.id());
                boolean finished = listener.finished().containsKey(name);
                assertThat(finished).isNotEqualTo(listener.failed().containsKey(name));
                if (finished) {
                    requireAsAlone(name, listener.result(name));
                } else if (!faulty.contains(request.requestId())) {
                    assertThat(listener.failed().get(name).reason())
                            .isEqualTo(Reason.PROMPT_TOO_LONG);
                    assertThat(fixture.runner.heldKvTokens(request.task()))
                            .isGreaterThan(options.kvTokens());
                }
            }
            assertThat(fixture.engine.counters().kvTokensUsed()).isZero();
            assertThat(fixture.runner.released()).isEqualTo(fixture.runner.admissions().size());
        }

        private void requireAsAlone(String name, SequenceResult result) {
            PreparedTask task = result.request().task();
            String requestId = result.request().requestId();
            boolean whole =
                    result.finishReason() != FinishReason.LATE
                            && result.finishReason() != FinishReason.CANCELLED;
            int tokens = task.kind() == TaskKind.GENERATE ? task.generation().maxNewTokens() : 0;
            if (!whole) {
                assertThat(result.tokenIds().length).isLessThanOrEqualTo(tokens);
                tokens = result.tokenIds().length;
            }
            assertThat(result.tokenIds()).isEqualTo(letters(requestId, tokens));
            int[] fresh = fixture.listener.tokens(name).stream().mapToInt(token -> token).toArray();
            int known = Math.min(tokens, result.request().tokensSoFar().length);
            assertThat(fresh).isEqualTo(Arrays.copyOfRange(result.tokenIds(), known, tokens));
        }

        /** Those of the same lane that came before one that is admitted, and neither run. */
        private void notePassedOver(Sequence admitted) {
            for (String earlier : order.get(admitted.request().lane())) {
                if (earlier.equals(RecordingListener.name(admitted.id()))) {
                    return;
                }
                if (!fixture.runner.isAdmitted(earlier)) {
                    passedOver.add(earlier);
                }
            }
        }

        /** Who was passed over had ended by then; the listener has heard of it since. */
        private void requireNobodyPassedOver() {
            for (String name : passedOver) {
                assertThat(
                                fixture.listener.finished().containsKey(name)
                                        || fixture.listener.failed().containsKey(name))
                        .as("%s ended before a later one was admitted", name)
                        .isTrue();
            }
            passedOver.clear();
        }

        /** In a step nobody is prefilled before one of its lane that came earlier. */
        private void requireOrder() {
            for (List<String> lane : order.values()) {
                Map<String, Integer> places = new HashMap<>();
                lane.forEach(name -> places.put("prefill " + name, places.size()));
                for (List<String> step : fixture.runner.steps()) {
                    int last = -1;
                    for (String work : step) {
                        Integer place = places.get(work.replaceFirst("\\[.*", ""));
                        if (place != null) {
                            assertThat(place).as("place in %s", step).isGreaterThan(last);
                            last = place;
                        }
                    }
                }
            }
        }

        private static int[] letters(String requestId, int tokens) {
            return IntStream.range(0, tokens)
                    .map(index -> ScriptedModelRunner.letter(requestId, index))
                    .toArray();
        }
    }
}
