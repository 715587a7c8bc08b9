package io.sightmill.engine;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Holds a step's outputs against its plan: each sequence gets what it is due, and nobody else. */
final class StepOutputs {

    private StepOutputs() {}

    /**
     * The outputs of a step by sequence, in the order they came.
     *
     * @throws IllegalStateException if the runner broke its contract
     */
    static Map<SequenceId, SequenceOutput> byId(BatchPlan plan, StepResult result) {
        Map<SequenceId, SequenceOutput> outputs = new LinkedHashMap<>();
        for (SequenceOutput output : result.outputs()) {
            if (outputs.put(output.id(), output) != null) {
                throw broken("gave two outputs for", output.id());
            }
        }
        Set<SequenceId> known = new HashSet<>();
        for (Sequence sequence : plan.embeds()) {
            require(sequence, outputs, known);
        }
        for (PrefillChunk chunk : plan.prefills()) {
            if (chunk.isLast()) {
                require(chunk.sequence(), outputs, known);
            } else {
                requireNoneButFailed(chunk.sequence(), outputs, known);
            }
        }
        for (Sequence sequence : plan.decodes()) {
            require(sequence, outputs, known);
        }
        for (SequenceId id : outputs.keySet()) {
            if (!known.contains(id)) {
                throw broken("gave an output for an unknown", id);
            }
        }
        return outputs;
    }

    private static void require(
            Sequence sequence, Map<SequenceId, SequenceOutput> outputs, Set<SequenceId> known) {
        known.add(sequence.id());
        SequenceOutput output = outputs.get(sequence.id());
        if (output == null) {
            throw broken("gave no output for", sequence.id());
        }
        if (!isDue(output, sequence.task())) {
            throw broken(
                    "gave the wrong output, " + output.getClass().getSimpleName() + ", for",
                    sequence.id());
        }
    }

    private static void requireNoneButFailed(
            Sequence sequence, Map<SequenceId, SequenceOutput> outputs, Set<SequenceId> known) {
        known.add(sequence.id());
        SequenceOutput output = outputs.get(sequence.id());
        if (output != null && !(output instanceof SequenceOutput.Failed)) {
            throw broken("gave an output before the last prefill chunk of", sequence.id());
        }
    }

    private static boolean isDue(SequenceOutput output, PreparedTask task) {
        if (output instanceof SequenceOutput.Failed) {
            return true;
        }
        return switch (task.kind()) {
            case GENERATE -> output instanceof SequenceOutput.Token;
            case SCORE ->
                    output instanceof SequenceOutput.LabelScores scores
                            && scores.probabilities().length == task.labels().size();
            case EMBED ->
                    output instanceof SequenceOutput.Vectors vectors
                            && vectors.vectors().size() == task.prompt().images().size();
        };
    }

    private static IllegalStateException broken(String what, SequenceId id) {
        return new IllegalStateException("the model runner " + what + " sequence " + id);
    }
}
