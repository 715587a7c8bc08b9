package io.sightmill.tuning.evaluate;

import java.util.List;

/** Answers questions about pictures. Used by one thread. */
public interface Respondent extends AutoCloseable {

    /** Hears what comes of a picture's questions. */
    @FunctionalInterface
    interface Replies {

        /** One reply a question, in their order. */
        void answered(List<String> texts);

        /** The model cannot be asked about this picture; ends the evaluation where it matters. */
        default void failed(EvaluationFailedException problem) {
            throw problem;
        }
    }

    /**
     * Takes a picture with its questions.
     *
     * @param replies hears what comes of them, in this call or a later one
     */
    void ask(Inquiry inquiry, Replies replies);

    /** Answers all that was asked. */
    void finish();

    @Override
    void close();
}
