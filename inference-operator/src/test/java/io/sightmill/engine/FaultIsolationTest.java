package io.sightmill.engine;

import static io.sightmill.engine.TestRequests.embed;
import static io.sightmill.engine.TestRequests.generate;
import static io.sightmill.engine.TestRequests.score;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FaultIsolationTest {

    private final EngineFixture fixture = new EngineFixture();
    private final RecordingListener listener = fixture.listener;

    @Test
    void aSequenceReportedAsFailedCostsItselfOnly() {
        fixture.runner.failsFor("bad");

        fixture.submit(generate("a", 3, 4), generate("bad", 3, 4), generate("b", 3, 4)).runOut();

        assertThat(listener.failed().get("bad").reason()).isEqualTo(Reason.MODEL_FAILURE);
        assertThat(listener.failed().get("bad")).hasMessage("scripted failure");
        assertThat(listener.finished()).containsOnlyKeys("a", "b");
        assertThat(fixture.runner.released()).isEqualTo(3);
    }

    @Test
    void aSequenceMayFailBeforeItsLastChunk() {
        fixture.runner.failsFor("bad");

        fixture.submit(generate("bad", 40, 4)).runOut();

        assertThat(fixture.runner.steps()).containsExactly(List.of("prefill bad[0,16)"));
        assertThat(listener.failed().get("bad").stage()).isEqualTo(Stage.PREFILL);
    }

    @Test
    void theSequenceARunnerThrowsOnIsFoundAndTheOthersGetWhatTheyGetAlone() {
        fixture.runner.throwsFor("r3", 5, () -> new IllegalStateException("boom"));
        fixture.runner.throwsFor("r6", () -> new ArrayIndexOutOfBoundsException("bang"));
        IntStream.range(0, 8).forEach(count -> fixture.submit(generate("r" + count, 20, 9)));

        fixture.runOut();

        assertThat(listener.failed()).containsOnlyKeys("r3", "r6");
        assertThat(listener.failed().get("r3"))
                .hasMessageContaining("boom")
                .hasCauseInstanceOf(IllegalStateException.class);
        assertThat(listener.failed().get("r3").stage()).isEqualTo(Stage.DECODE);
        assertThat(listener.failed().get("r6").stage()).isEqualTo(Stage.PREFILL);
        for (String other : List.of("r0", "r1", "r2", "r4", "r5", "r7")) {
            assertThat(listener.result(other).tokenIds()).isEqualTo(alone(other));
        }
        assertThat(fixture.runner.released()).isEqualTo(8);
    }

    @Test
    void theOthersLoseNoStepToTheSearch() {
        fixture.runner.throwsFor("r3", () -> new IllegalStateException("boom"));
        IntStream.range(0, 7).forEach(count -> fixture.submit(generate("r" + count, 3, 9)));

        fixture.steps(2);

        assertThat(listener.failed()).containsOnlyKeys("r3");
        for (String other : List.of("r0", "r1", "r2", "r4", "r5", "r6")) {
            assertThat(listener.tokens(other)).hasSize(2);
        }
    }

    @Test
    void faultsInEveryKindOfWorkAreFound() {
        for (String bad : List.of("embed", "score", "generate")) {
            fixture.runner.throwsFor("bad-" + bad, () -> new IllegalStateException("boom"));
        }
        for (String name : List.of("good", "bad")) {
            fixture.submit(
                    embed(name + "-embed", Lane.LIVE, 9),
                    score(name + "-score", Lane.LIVE, 9, 2),
                    generate(name + "-generate", 9, 2));
        }

        fixture.runOut();

        assertThat(listener.failed()).containsOnlyKeys("bad-embed", "bad-score", "bad-generate");
        assertThat(listener.failed().get("bad-embed").stage()).isEqualTo(Stage.ENCODE);
        assertThat(listener.finished())
                .containsOnlyKeys("good-embed", "good-score", "good-generate");
    }

    @Test
    void runningOutOfMemoryCostsTheSequenceThatAsksTooMuch() {
        fixture.runner.throwsFor("bad", () -> new OutOfMemoryError("too much"));

        fixture.submit(generate("a", 3, 4), generate("bad", 3, 4)).runOut();

        assertThat(listener.failed().get("bad")).hasCauseInstanceOf(OutOfMemoryError.class);
        assertThat(listener.finished()).containsOnlyKeys("a");
    }

    @Test
    void otherErrorsGoUpAndClosingTellsEverybody() {
        fixture.runner.throwsFor("bad", () -> new NoClassDefFoundError("gone"));
        fixture.submit(generate("a", 3, 4), generate("bad", 3, 4));

        assertThatThrownBy(fixture.engine::step).isInstanceOf(NoClassDefFoundError.class);
        fixture.engine.close();

        assertThat(listener.finished()).containsOnlyKeys("a", "bad");
        assertThat(fixture.runner.released()).isEqualTo(2);
    }

    @Test
    void aDeadDeviceStopsTheEngineAndNobodyIsRejected() {
        IntStream.range(0, 5).forEach(count -> fixture.submit(generate("r" + count, 3, 9)));
        fixture.steps(3);
        fixture.runner.breaksDown(() -> new IllegalArgumentException("device lost"));

        assertThatThrownBy(fixture.engine::step)
                .isInstanceOf(EngineFailureException.class)
                .hasMessageContaining("all 5 sequences")
                .hasRootCauseMessage("device lost");

        assertThat(listener.failed()).isEmpty();
        assertThat(listener.finished()).isEmpty();
    }

    @Test
    void aDeadDeviceIsFoundByASequenceThatIsAlone() {
        fixture.submit(generate("a", 3, 9));
        fixture.runner.breaksDown(() -> new IllegalArgumentException("device lost"));

        assertThatThrownBy(fixture.engine::step).isInstanceOf(EngineFailureException.class);

        assertThat(listener.failed()).isEmpty();
    }

    @Test
    void anyNumberOfPoisonousSequencesIsNoDeadDevice() {
        IntStream.range(0, 20)
                .forEach(
                        count -> {
                            fixture.runner.throwsFor(
                                    "r" + count, () -> new IllegalStateException("boom"));
                            fixture.submit(generate("r" + count, 3, 9));
                        });

        fixture.submit(generate("good", 3, 9)).runOut();

        assertThat(listener.failed()).hasSize(20);
        assertThat(listener.finished()).containsOnlyKeys("good");
        assertThat(fixture.runner.probes()).isPositive();
    }

    @Test
    void whileAnythingSucceedsTheDeviceIsNotAsked() {
        fixture.runner.throwsFor("bad", () -> new IllegalStateException("boom"));
        fixture.runner.failsFor("worse");

        fixture.submit(generate("a", 3, 9), generate("bad", 3, 9), generate("worse", 3, 9))
                .runOut();

        assertThat(fixture.runner.probes()).isZero();
    }

    @Test
    void scoresThatAreNoNumbersFailTheirSequence() {
        SequenceId id = new SequenceId("a", "t");
        GenerationEngine engine =
                tampered(
                        outputs ->
                                List.of(
                                        new SequenceOutput.LabelScores(
                                                id, new double[] {Double.NaN, 1})));
        engine.submit(score("a", Lane.LIVE, 3, 2));

        engine.step();

        assertThat(listener.failed().get("a")).hasMessageContaining("no numbers");
    }

    @Test
    void vectorsThatAreNoNumbersFailTheirSequence() {
        SequenceId id = new SequenceId("a", "t");
        GenerationEngine engine =
                tampered(
                        outputs ->
                                List.of(
                                        new SequenceOutput.Vectors(
                                                id, List.of(new float[] {Float.NaN}))));
        engine.submit(embed("a", Lane.LIVE, 3));

        engine.step();

        assertThat(listener.failed().get("a")).hasMessageContaining("no numbers");
    }

    @Test
    void aMissingOutputIsAFaultOfOurs() {
        GenerationEngine engine = tampered(outputs -> List.of());
        engine.submit(generate("a", 3, 4));

        assertThatIllegalStateException()
                .isThrownBy(engine::step)
                .withMessageContaining("gave no output for");
    }

    @Test
    void anOutputForNobodyIsAFaultOfOurs() {
        SequenceOutput stray = new SequenceOutput.Token(new SequenceId("stranger", "t"), 1);
        GenerationEngine engine = tampered(outputs -> List.of(outputs.get(0), stray));
        engine.submit(generate("a", 3, 4));

        assertThatIllegalStateException()
                .isThrownBy(engine::step)
                .withMessageContaining("stranger");
    }

    @Test
    void twoOutputsForOneAreAFaultOfOurs() {
        GenerationEngine engine = tampered(outputs -> List.of(outputs.get(0), outputs.get(0)));
        engine.submit(generate("a", 3, 4));

        assertThatIllegalStateException()
                .isThrownBy(engine::step)
                .withMessageContaining("two outputs");
    }

    @Test
    void anOutputOfTheWrongKindIsAFaultOfOurs() {
        SequenceOutput vectors =
                new SequenceOutput.Vectors(new SequenceId("a", "t"), List.of(new float[1]));
        GenerationEngine engine = tampered(outputs -> List.of(vectors));
        engine.submit(generate("a", 3, 4));

        assertThatIllegalStateException()
                .isThrownBy(engine::step)
                .withMessageContaining("wrong output, Vectors");
    }

    @Test
    void anOutputBeforeTheLastChunkIsAFaultOfOurs() {
        SequenceOutput early = new SequenceOutput.Token(new SequenceId("a", "t"), 1);
        GenerationEngine engine = tampered(outputs -> List.of(early));
        engine.submit(generate("a", 40, 4));

        assertThatIllegalStateException()
                .isThrownBy(engine::step)
                .withMessageContaining("before the last prefill chunk");
    }

    @Test
    void memoryThatCannotBeFreedIsLoudAndEverybodyIsStillTold() {
        ModelRunner leaking =
                new DelegatingRunner(fixture.runner) {
                    @Override
                    public void release(Sequence sequence) {
                        super.release(sequence);
                        throw new IllegalArgumentException("leak");
                    }
                };
        GenerationEngine engine = fixture.engine(leaking, EngineOptions.defaults(), listener);
        engine.submit(generate("a", 3, 1));
        engine.submit(generate("b", 3, 1));

        assertThatIllegalStateException()
                .isThrownBy(engine::step)
                .withMessageContaining("failed to release")
                .withRootCauseInstanceOf(IllegalArgumentException.class);

        assertThat(listener.finished()).containsOnlyKeys("a", "b");
    }

    private static int[] alone(String requestId) {
        EngineFixture fresh = new EngineFixture();
        return fresh.submit(generate(requestId, 20, 9))
                .runOut()
                .listener
                .result(requestId)
                .tokenIds();
    }

    /** An engine whose runner's outputs are replaced. */
    private GenerationEngine tampered(UnaryOperator<List<SequenceOutput>> tamper) {
        ModelRunner runner =
                new DelegatingRunner(fixture.runner) {
                    @Override
                    public StepResult run(BatchPlan plan) {
                        List<SequenceOutput> outputs = tamper.apply(super.run(plan).outputs());
                        return new StepResult(outputs, Duration.ZERO, Duration.ZERO, Duration.ZERO);
                    }
                };
        return fixture.engine(runner, new EngineOptions(8, 1_000, 64, 16), listener);
    }

    /** Passes everything on. */
    private static class DelegatingRunner implements ModelRunner {

        private final ModelRunner runner;

        DelegatingRunner(ModelRunner runner) {
            this.runner = runner;
        }

        @Override
        public void admit(Sequence sequence) {
            runner.admit(sequence);
        }

        @Override
        public StepResult run(BatchPlan plan) {
            return runner.run(plan);
        }

        @Override
        public void release(Sequence sequence) {
            runner.release(sequence);
        }
    }
}
