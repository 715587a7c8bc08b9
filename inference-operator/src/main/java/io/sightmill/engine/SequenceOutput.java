package io.sightmill.engine;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** What a step gave for one sequence. */
public sealed interface SequenceOutput {

    SequenceId id();

    /**
     * The next token, for a GENERATE sequence that decoded or ended its prefill.
     *
     * @param logProbabilities where the request asks for them; of a sequence that is replaying,
     *     those of {@link Sequence#replayedToken()}
     */
    record Token(SequenceId id, int tokenId, Optional<TokenLogProbabilities> logProbabilities)
            implements SequenceOutput {

        public Token {
            Objects.requireNonNull(logProbabilities, "logProbabilities");
        }

        public Token(SequenceId id, int tokenId) {
            this(id, tokenId, Optional.empty());
        }
    }

    /**
     * For a SCORE sequence that ended its prefill.
     *
     * @param probabilities one a label in order, adding up to 1: the softmax of the labels' summed
     *     log-probabilities
     */
    record LabelScores(SequenceId id, double[] probabilities) implements SequenceOutput {}

    /**
     * For an EMBED sequence.
     *
     * @param vectors one an image, each of the model's hidden size
     */
    record Vectors(SequenceId id, List<float[]> vectors) implements SequenceOutput {

        public Vectors {
            vectors = List.copyOf(vectors);
        }
    }

    /** The model failed on this sequence alone; the others of the step are not touched. */
    record Failed(SequenceId id, Stage stage, String message) implements SequenceOutput {

        public Failed {
            Objects.requireNonNull(stage, "stage");
            Objects.requireNonNull(message, "message");
        }
    }
}
