package io.sightmill.engine;

import java.util.List;

/** Moves a sequence on as the engine does, for tests of a runner without an engine. */
public final class SequenceDriver {

    private final ModelRunner runner;

    public SequenceDriver(ModelRunner runner) {
        this.runner = runner;
    }

    /** Prefills a whole prompt in chunks and returns what the last one gave. */
    public SequenceOutput prefill(Sequence sequence, int chunkTokens) {
        SequenceOutput output = null;
        while (!sequence.isPrefilled() && output == null) {
            int from = sequence.prefilledTokens();
            int to = Math.min(sequence.prompt().length(), from + chunkTokens);
            PrefillChunk chunk = new PrefillChunk(sequence, from, to);
            List<SequenceOutput> outputs =
                    runner.run(new BatchPlan(List.of(), List.of(chunk), List.of())).outputs();
            sequence.prefilledTo(to);
            output = outputs.isEmpty() ? null : outputs.get(0);
        }
        accept(sequence, output);
        return output;
    }

    /** One decode step of a batch. */
    public List<SequenceOutput> decode(List<Sequence> batch) {
        List<SequenceOutput> outputs =
                runner.run(new BatchPlan(List.of(), List.of(), batch)).outputs();
        for (int i = 0; i < batch.size(); i++) {
            accept(batch.get(i), outputs.get(i));
        }
        return outputs;
    }

    /** Takes all tokens that a sequence is to replay, without a model. */
    public static void replay(Sequence sequence) {
        while (sequence.isReplaying()) {
            sequence.append(sequence.replayedToken());
        }
    }

    private static void accept(Sequence sequence, SequenceOutput output) {
        if (output instanceof SequenceOutput.Token token) {
            sequence.append(token.tokenId());
        }
    }
}
