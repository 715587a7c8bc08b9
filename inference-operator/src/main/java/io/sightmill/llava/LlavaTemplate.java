package io.sightmill.llava;

import io.sightmill.engine.DialogueTurn;
import io.sightmill.engine.DialogueTurn.Role;
import java.util.List;
import java.util.Set;

/**
 * The form LLaVA-1.5 was tuned on: {@code USER: <image>}, line feed, question, {@code ASSISTANT:}.
 *
 * <p>As the chat template of the published Hugging Face checkpoints renders it: each turn is {@code
 * ROLE: } and its text and a space, a system turn is its text and a space alone, and the prompt
 * ends with {@code ASSISTANT:}. The images stand at the head of the first user turn, each followed
 * by a line feed. Thread-safe.
 */
final class LlavaTemplate implements ChatTemplate {

    private static final String GENERATION_PROMPT = "ASSISTANT:";

    @Override
    public List<PromptSegment> render(List<DialogueTurn> turns, int imageCount) {
        PromptSegments segments = segments(turns, imageCount);
        segments.text(GENERATION_PROMPT);
        return segments.toList();
    }

    @Override
    public AnsweredDialogue renderAnswered(List<DialogueTurn> turns, int imageCount) {
        return segments(turns, imageCount).toAnswered();
    }

    private static PromptSegments segments(List<DialogueTurn> turns, int imageCount) {
        if (turns.stream().noneMatch(turn -> turn.role() == Role.USER)) {
            throw new PromptRefusedException("the dialogue has no user turn");
        }
        PromptSegments segments = new PromptSegments(PromptSegments.anyOf(Set.of()));
        boolean imagesPlaced = false;
        for (DialogueTurn turn : turns) {
            if (turn.role() != Role.SYSTEM) {
                segments.text(turn.role().name() + ": ");
            }
            if (turn.role() == Role.USER && !imagesPlaced) {
                for (int image = 0; image < imageCount; image++) {
                    segments.image();
                    segments.text("\n");
                }
                imagesPlaced = true;
            }
            if (turn.role() == Role.ASSISTANT) {
                segments.answer(turn.text());
            } else {
                segments.text(turn.text());
            }
            segments.text(" ");
        }
        return segments;
    }
}
