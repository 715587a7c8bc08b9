package io.sightmill.engine;

import java.time.Instant;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.assertj.core.api.Assertions;

/** An engine with a scripted model, a listener that records and a clock of its own. */
final class EngineFixture {

    static final int CONTEXT_TOKENS = 4_096;

    final AtomicLong clock = new AtomicLong();
    final ByteTokens decoder = new ByteTokens();
    final RecordingListener listener = new RecordingListener();
    final ScriptedModelRunner runner;
    final GenerationEngine engine;

    EngineFixture() {
        this(new EngineOptions(8, 1_000, 64, 16));
    }

    EngineFixture(EngineOptions options) {
        runner = new ScriptedModelRunner(options, clock);
        engine = engine(runner, options, listener);
    }

    GenerationEngine engine(ModelRunner model, EngineOptions options, EngineListener hears) {
        ModelDescription description =
                new ModelDescription(
                        "scripted", "0".repeat(64), CONTEXT_TOKENS, Set.of(ByteTokens.END));
        return new GenerationEngine(
                model, description, decoder, options, hears, clock::get, this::now);
    }

    /** The engine's clock as an instant: its origin is 1970. */
    Instant now() {
        return Instant.EPOCH.plusNanos(clock.get());
    }

    EngineFixture submit(SequenceRequest... requests) {
        for (SequenceRequest request : requests) {
            engine.submit(request);
        }
        return this;
    }

    EngineFixture steps(int count) {
        IntStream.range(0, count).forEach(unused -> engine.step());
        return this;
    }

    /** Steps until nothing is left; a load that never ends is a failure. */
    EngineFixture runOut() {
        for (int step = 0; step < 100_000; step++) {
            if (!engine.step()) {
                return this;
            }
        }
        return Assertions.fail("the engine did not run out of work");
    }
}
