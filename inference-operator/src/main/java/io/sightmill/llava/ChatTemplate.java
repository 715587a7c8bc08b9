package io.sightmill.llava;

import io.sightmill.engine.DialogueTurn;
import io.sightmill.engine.DialogueTurn.Role;
import java.util.ArrayList;
import java.util.List;

/**
 * Dialogue turns to prompt segments, in the form LLaVA-1.5 was tuned on: {@code USER: <image>},
 * line feed, question, {@code ASSISTANT:}.
 *
 * <p>As the chat template of the published Hugging Face checkpoints renders it: each turn is {@code
 * ROLE: } and its text and a space, a system turn is its text and a space alone, and the prompt
 * ends with {@code ASSISTANT:}. The images stand at the head of the first user turn, each followed
 * by a line feed. The one place that knows the form of a prompt. Thread-safe.
 */
public final class ChatTemplate {

    private static final String GENERATION_PROMPT = "ASSISTANT:";

    /** The LLaVA-1.5 form. */
    public static ChatTemplate llava() {
        return new ChatTemplate();
    }

    private ChatTemplate() {}

    /**
     * Renders a dialogue; the beginning-of-sequence token is the assembler's.
     *
     * @param turns oldest first
     * @param imageCount how many image slots the first user turn gets
     * @throws IllegalArgumentException if no user turn is there
     */
    List<PromptSegment> render(List<DialogueTurn> turns, int imageCount) {
        if (turns.stream().noneMatch(turn -> turn.role() == Role.USER)) {
            throw new IllegalArgumentException("the dialogue has no user turn");
        }
        Segments segments = new Segments();
        boolean imagesPlaced = false;
        for (DialogueTurn turn : turns) {
            if (turn.role() != Role.SYSTEM) {
                segments.text(turn.role().name() + ": ");
            }
            if (turn.role() == Role.USER && !imagesPlaced) {
                segments.images(imageCount);
                imagesPlaced = true;
            }
            segments.text(turn.text() + " ");
        }
        segments.text(GENERATION_PROMPT);
        return segments.toList();
    }

    /** Joins neighbouring text: a tokenizer reads across the border between template and turn. */
    private static final class Segments {

        private final List<PromptSegment> done = new ArrayList<>();
        private final StringBuilder text = new StringBuilder();

        void text(String more) {
            text.append(more);
        }

        void images(int count) {
            for (int image = 0; image < count; image++) {
                endText();
                done.add(new PromptSegment.Image());
                text.append('\n');
            }
        }

        List<PromptSegment> toList() {
            endText();
            return List.copyOf(done);
        }

        private void endText() {
            if (!text.isEmpty()) {
                done.add(new PromptSegment.Text(text.toString()));
                text.setLength(0);
            }
        }
    }
}
