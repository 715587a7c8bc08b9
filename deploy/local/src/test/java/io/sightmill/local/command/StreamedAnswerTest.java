package io.sightmill.local.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightmill.schema.AnswerChunk;
import org.junit.jupiter.api.Test;

class StreamedAnswerTest {

    private final StringBuilder shown = new StringBuilder();
    private final StreamedAnswer answer = new StreamedAnswer(shown::append);

    @Test
    void repeatsAreShownOnce() {
        answer.onChunk(chunk(0, "a "));
        answer.onChunk(chunk(1, "red "));
        answer.onChunk(chunk(0, "a "));
        answer.onChunk(chunk(1, "red "));
        answer.onChunk(chunk(2, "circle"));
        answer.end("a red circle");

        assertThat(shown).hasToString("a red circle");
    }

    @Test
    void theAnswerBringsWhatNoChunkHasBrought() {
        answer.onChunk(chunk(0, "a "));
        answer.end("a red circle");

        assertThat(shown).hasToString("a red circle");
    }

    @Test
    void nothingHasBegunBeforeThereIsText() {
        answer.onChunk(chunk(0, ""));
        assertThat(answer.hasBegun()).isFalse();

        answer.onChunk(chunk(1, "a"));
        assertThat(answer.hasBegun()).isTrue();
    }

    private static AnswerChunk chunk(int index, String text) {
        return new AnswerChunk("r", "t", index, text, false, null);
    }
}
