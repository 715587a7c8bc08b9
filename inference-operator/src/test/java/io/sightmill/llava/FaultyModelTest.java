package io.sightmill.llava;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightmill.engine.BatchPlan;
import io.sightmill.engine.Device;
import io.sightmill.engine.EngineOptions;
import io.sightmill.engine.GenerationEngine;
import io.sightmill.engine.GenerationOptions;
import io.sightmill.engine.Lane;
import io.sightmill.engine.ModelRunner;
import io.sightmill.engine.PreparedTask;
import io.sightmill.engine.Prompt;
import io.sightmill.engine.Sequence;
import io.sightmill.engine.SequenceId;
import io.sightmill.engine.SequenceOutput;
import io.sightmill.engine.SequenceRequest;
import io.sightmill.engine.StepResult;
import io.sightmill.engine.TaskKind;
import io.sightmill.engine.WatchedRunner;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A real model that throws, hangs or gives no numbers for one sequence: that one fails with a
 * reason, and every other has the bits of a run alone.
 */
class FaultyModelTest {

    private static final EngineOptions OPTIONS =
            new EngineOptions(32, 8_192, 512, EngineMixture.CHUNK_TOKENS);

    private final CountDownLatch testEnds = new CountDownLatch(1);

    private enum Fault {
        THROWS,
        HANGS,
        NO_NUMBERS
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void oneFaultySequenceChangesNoBitOfTheOthers(Fault fault) {
        try (Tokenizer tokenizer = Tokenizer.load(ReferenceFiles.path("tiny-llava"));
                LlavaNetwork network =
                        LlavaNetwork.open(
                                ReferenceFiles.path("tiny-llava"),
                                Precision.FLOAT32,
                                Device.cpu())) {
            List<SequenceRequest> others = new ArrayList<>();
            VerificationRequests drawn = new VerificationRequests(network.config(), 3);
            for (int i = 0; i < 8; i++) {
                others.addAll(drawn.record("r" + i));
            }
            CollectedResults alone = new CollectedResults();
            for (SequenceRequest request : others) {
                alone.addAll(run(network, tokenizer, new LlavaRunner(network), List.of(request)));
            }
            List<SequenceRequest> all = new ArrayList<>(others);
            all.add(all.size() / 2, bad(fault));
            WatchedRunner faulty =
                    new WatchedRunner(() -> new Faulty(network, fault), Duration.ofSeconds(2));

            CollectedResults together = run(network, tokenizer, faulty, all);

            assertThat(together.failure(new SequenceId("bad", "t"))).isNotEmpty();
            for (SequenceRequest request : others) {
                assertThat(together.difference(alone, request.id())).isEmpty();
            }
            testEnds.countDown();
            // The native memory is the network's; what was left behind lets go of it now.
            while (faulty.isHanging()) {
                Thread.onSpinWait();
            }
        }
    }

    private static CollectedResults run(
            LlavaNetwork network,
            Tokenizer tokenizer,
            ModelRunner runner,
            List<SequenceRequest> requests) {
        CollectedResults results = new CollectedResults();
        try (runner;
                GenerationEngine engine =
                        EngineMixture.engine(
                                runner,
                                network,
                                tokenizer,
                                OPTIONS,
                                results,
                                InstantSource.system())) {
            requests.forEach(engine::submit);
            while (engine.hasWork()) {
                engine.step();
            }
        }
        return results;
    }

    private static SequenceRequest bad(Fault fault) {
        boolean scores = fault == Fault.NO_NUMBERS;
        PreparedTask task =
                new PreparedTask(
                        "t",
                        scores ? TaskKind.SCORE : TaskKind.GENERATE,
                        new Prompt(new int[] {5, 6, 7}, List.of()),
                        scores ? List.of(new int[] {5}, new int[] {9}) : List.of(),
                        GenerationOptions.greedy(9));
        return new SequenceRequest("bad", Lane.LIVE, task);
    }

    /** Faulty with the bad sequence from its third token on, or when it is scored. */
    private final class Faulty implements ModelRunner {

        private final LlavaRunner model;
        private final Fault fault;

        Faulty(LlavaNetwork network, Fault fault) {
            this.model = new LlavaRunner(network);
            this.fault = fault;
        }

        @Override
        public void begin(EngineOptions options) {
            model.begin(options);
        }

        @Override
        public void admit(Sequence sequence) {
            model.admit(sequence);
        }

        @Override
        public StepResult run(BatchPlan plan) {
            boolean isDue =
                    plan.decodes().stream()
                            .anyMatch(each -> isBad(each.id()) && each.tokenCount() >= 3);
            if (isDue && fault == Fault.THROWS) {
                throw new IllegalStateException("scripted fault");
            }
            if (isDue && fault == Fault.HANGS) {
                hang();
            }
            StepResult result = model.run(plan);
            return new StepResult(
                    result.outputs().stream().flatMap(this::tampered).toList(),
                    result.encode(),
                    result.prefill(),
                    result.decode());
        }

        private Stream<SequenceOutput> tampered(SequenceOutput output) {
            return isBad(output.id()) && output instanceof SequenceOutput.LabelScores
                    ? Stream.of(
                            new SequenceOutput.LabelScores(
                                    output.id(), new double[] {Double.NaN, 1}))
                    : Stream.of(output);
        }

        private void hang() {
            try {
                testEnds.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            throw new IllegalStateException("returned at last");
        }

        private static boolean isBad(SequenceId id) {
            return id.requestId().equals("bad");
        }

        @Override
        public void release(Sequence sequence) {
            model.release(sequence);
        }

        @Override
        public void close() {
            model.close();
        }
    }
}
