package io.sightmill.engine;

import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.DoubleStream;

/** Takes in what a step gave: sequences advance, end or fail, and the listener is to hear of it. */
final class Settlement {

    private final RunningSequences running;
    private final EngineEvents events;
    private final LongSupplier nanoTime;
    private long promptTokens;
    private long labelTokens;
    private long cachedTokens;
    private long generatedTokens;
    private long replayedTokens;

    Settlement(RunningSequences running, EngineEvents events, LongSupplier nanoTime) {
        this.running = running;
        this.events = events;
        this.nanoTime = nanoTime;
    }

    /**
     * @throws IllegalStateException if the runner broke its contract; nothing is settled then
     */
    void settle(FaultIsolation.Outcome outcome) {
        List<Map<SequenceId, SequenceOutput>> outputs =
                outcome.parts().stream()
                        .map(part -> StepOutputs.byId(part.plan(), part.result()))
                        .toList();
        for (int part = 0; part < outputs.size(); part++) {
            advance(outcome.parts().get(part));
            outputs.get(part).values().forEach(this::settle);
        }
        for (FaultIsolation.Fault fault : outcome.faults()) {
            running.find(fault.sequence().id()).ifPresent(sequence -> fail(sequence, fault));
        }
    }

    private void advance(FaultIsolation.Part part) {
        for (Sequence sequence : part.plan().embeds()) {
            find(sequence.id()).encodedFor(part.result().encode());
        }
        for (PrefillChunk chunk : part.plan().prefills()) {
            RunningSequence sequence = find(chunk.sequence().id());
            if (encodes(chunk)) {
                sequence.encodedFor(part.result().encode());
            }
            sequence.prefilled(chunk, part.result().prefill());
            promptTokens += chunk.length();
            if (chunk.isLast()) {
                labelTokens += chunk.sequence().task().labelTokens();
                int known =
                        chunk.sequence().prefill().length() - chunk.sequence().prompt().length();
                promptTokens -= known;
                replayedTokens += known;
            }
            cachedTokens += chunk.prefixOf().isPresent() ? chunk.from() : 0;
        }
    }

    private static boolean encodes(PrefillChunk chunk) {
        return chunk.sequence().prompt().images().stream()
                .anyMatch(span -> span.end() > chunk.from() && span.end() <= chunk.to());
    }

    private void settle(SequenceOutput output) {
        RunningSequence sequence = find(output.id());
        if (output instanceof SequenceOutput.Token token) {
            take(sequence, token);
        } else if (output instanceof SequenceOutput.LabelScores scores) {
            score(sequence, scores.probabilities());
        } else if (output instanceof SequenceOutput.Vectors vectors) {
            embed(sequence, vectors.vectors());
        } else if (output instanceof SequenceOutput.Failed failed) {
            fail(sequence, failed.stage(), failed.message(), null);
        }
    }

    private void take(RunningSequence sequence, SequenceOutput.Token output) {
        boolean replayed = sequence.isReplaying();
        int before = sequence.answer().tokenCount();
        int token = sequence.take(output, nanoTime.getAsLong());
        boolean partOfAnswer = sequence.answer().tokenCount() > before;
        if (partOfAnswer && replayed) {
            replayedTokens++;
        } else if (partOfAnswer) {
            generatedTokens++;
            events.token(sequence.request().id(), token);
        }
        sequence.answer()
                .end()
                .ifPresent(
                        reason ->
                                end(
                                        sequence,
                                        SequenceResults.answered(
                                                sequence, sequence.answer(), reason)));
    }

    private void score(RunningSequence sequence, double[] probabilities) {
        if (DoubleStream.of(probabilities).allMatch(Double::isFinite)) {
            end(sequence, SequenceResults.scored(sequence, probabilities));
        } else {
            fail(sequence, Stage.PREFILL, "the model gave label scores that are no numbers", null);
        }
    }

    private void embed(RunningSequence sequence, List<float[]> vectors) {
        if (vectors.stream().allMatch(Settlement::isFinite)) {
            end(sequence, SequenceResults.embedded(sequence, vectors));
        } else {
            fail(sequence, Stage.ENCODE, "the model gave vectors that are no numbers", null);
        }
    }

    private static boolean isFinite(float[] vector) {
        for (float value : vector) {
            if (!Float.isFinite(value)) {
                return false;
            }
        }
        return true;
    }

    private void end(RunningSequence sequence, SequenceResult result) {
        running.end(sequence);
        events.finished(result);
    }

    /** A sequence that never comes back from the model. */
    void failHung(FaultIsolation.Fault fault) {
        running.find(fault.sequence().id()).ifPresent(sequence -> fail(sequence, fault));
    }

    private void fail(RunningSequence sequence, FaultIsolation.Fault fault) {
        fail(sequence, fault.stage(), "the model failed: " + fault.cause(), fault.cause());
    }

    private void fail(RunningSequence sequence, Stage stage, String message, Throwable cause) {
        running.release(sequence);
        events.failed(
                sequence.request(),
                new RequestRejectedException(stage, Reason.MODEL_FAILURE, message, cause));
    }

    /** A sequence of the plan runs until it is settled: nothing else ends it during a step. */
    private RunningSequence find(SequenceId id) {
        return running.find(id).orElseThrow();
    }

    long promptTokens() {
        return promptTokens;
    }

    long labelTokens() {
        return labelTokens;
    }

    long cachedTokens() {
        return cachedTokens;
    }

    long generatedTokens() {
        return generatedTokens;
    }

    long replayedTokens() {
        return replayedTokens;
    }
}
