package io.sightmill.local.command;

import io.sightmill.schema.AnswerChunk;
import java.util.function.Consumer;

/**
 * Puts the chunks of one task together as they come: repeats are dropped by their index, and what
 * chunks have not brought when the answer is there comes from the answer.
 */
final class StreamedAnswer {

    private final Consumer<String> output;
    private int nextIndex;
    private int length;

    /**
     * @param output is given each piece of text once, in order
     */
    StreamedAnswer(Consumer<String> output) {
        this.output = output;
    }

    void onChunk(AnswerChunk chunk) {
        if (chunk.getIndex() == nextIndex) {
            nextIndex++;
            write(chunk.getText());
        }
    }

    /** The whole text is known. */
    void end(String text) {
        write(text.substring(Math.min(length, text.length())));
    }

    boolean hasBegun() {
        return length > 0;
    }

    private void write(String piece) {
        length += piece.length();
        output.accept(piece);
    }
}
