package io.sightmill.llava;

import io.sightmill.engine.BatchPlan;
import io.sightmill.engine.EngineListener;
import io.sightmill.engine.EngineOptions;
import io.sightmill.engine.GenerationEngine;
import io.sightmill.engine.ModelDescription;
import io.sightmill.engine.ModelRunner;
import io.sightmill.engine.PrefillChunk;
import io.sightmill.engine.RequestRejectedException;
import io.sightmill.engine.Sequence;
import io.sightmill.engine.SequenceId;
import io.sightmill.engine.SequenceOutput;
import io.sightmill.engine.SequenceRequest;
import io.sightmill.engine.SequenceResult;
import io.sightmill.engine.StepResult;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What a snapshot of many sequences takes; no model has a part in it, so none runs. */
final class SnapshotSpeed {

    static final int SEQUENCES = 256;
    private static final int PROMPT_TOKENS = 620;
    private static final int TOKENS = 200;
    private static final int ROUNDS = 5_000;

    private SnapshotSpeed() {}

    static Timings measure(BenchmarkLoads loads, Duration time) {
        EngineOptions options = new EngineOptions(SEQUENCES, 1 << 20, 1 << 18, 256);
        ModelDescription description = new ModelDescription("", "", 1 << 12, Set.of());
        try (GenerationEngine engine =
                new GenerationEngine(
                        new SameToken(),
                        description,
                        tokens -> "",
                        options,
                        new Deaf(),
                        System::nanoTime,
                        InstantSource.system())) {
            for (SequenceRequest request : loads.sameText(SEQUENCES, PROMPT_TOKENS, 2 * TOKENS)) {
                engine.submit(request);
            }
            while (engine.counters().generatedTokens() < (long) SEQUENCES * TOKENS) {
                engine.step();
            }
            // The first rounds compile.
            Timings.repeat(time.dividedBy(2), ROUNDS, engine::snapshot);
            return Timings.repeat(time.dividedBy(2), ROUNDS, engine::snapshot);
        }
    }

    /** Gives every sequence the same token at once. */
    private static final class SameToken implements ModelRunner {

        @Override
        public void admit(Sequence sequence) {}

        @Override
        public StepResult run(BatchPlan plan) {
            List<SequenceOutput> outputs = new ArrayList<>();
            for (PrefillChunk chunk : plan.prefills()) {
                if (chunk.isLast() && chunk.length() > 0) {
                    outputs.add(new SequenceOutput.Token(chunk.sequence().id(), 1));
                }
            }
            for (Sequence sequence : plan.decodes()) {
                outputs.add(new SequenceOutput.Token(sequence.id(), 1));
            }
            return new StepResult(outputs, Duration.ZERO, Duration.ZERO, Duration.ZERO);
        }

        @Override
        public void release(Sequence sequence) {}
    }

    private static final class Deaf implements EngineListener {

        @Override
        public void onToken(SequenceId id, int tokenId) {}

        @Override
        public void onFinished(SequenceResult result) {}

        @Override
        public void onFailed(SequenceRequest request, RequestRejectedException failure) {
            throw new IllegalStateException("request " + request.id() + " failed", failure);
        }
    }
}
