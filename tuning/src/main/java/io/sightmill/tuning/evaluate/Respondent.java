package io.sightmill.tuning.evaluate;

import java.util.List;
import java.util.function.Consumer;

/** Answers questions about pictures. Used by one thread. */
interface Respondent extends AutoCloseable {

    /**
     * Takes a picture with its questions.
     *
     * @param replies hears them, one a question in their order, in this call or a later one
     * @throws EvaluationFailedException if the model cannot be asked
     */
    void ask(Inquiry inquiry, Consumer<List<String>> replies);

    /** Answers all that was asked. */
    void finish();

    @Override
    void close();
}
