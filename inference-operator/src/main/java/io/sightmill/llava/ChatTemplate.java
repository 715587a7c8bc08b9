package io.sightmill.llava;

import io.sightmill.engine.DialogueTurn;
import java.util.List;
import java.util.Set;

/**
 * Dialogue turns to prompt segments: the one place that knows the form of a prompt. Thread-safe.
 *
 * <p>INVARIANT: text of turns goes into {@link PromptSegment.Text} only, whatever it spells; image
 * slots and special tokens are the template's own.
 */
public interface ChatTemplate {

    /**
     * Renders a dialogue up to where the answer begins. The beginning-of-sequence token may be the
     * first segment; where it is not, it is the assembler's.
     *
     * @param turns oldest first
     * @param imageCount how many image slots the first user turn gets
     * @throws PromptRefusedException if the template has no form for this dialogue
     */
    List<PromptSegment> render(List<DialogueTurn> turns, int imageCount);

    /**
     * Renders a dialogue whose answers are there, as a model learns it. Up to each answer it is
     * what {@link #render} gives for the turns before.
     *
     * @param turns oldest first
     * @param imageCount how many image slots the first user turn gets
     * @throws PromptRefusedException if the template has no form for this dialogue
     */
    AnsweredDialogue renderAnswered(List<DialogueTurn> turns, int imageCount);

    /** Texts that the model writes to end its turn where it has no token for that. */
    default List<String> stopStrings() {
        return List.of();
    }

    /**
     * Tokens, by name, that the model writes to end its turn, besides those of its configuration.
     */
    default Set<String> endTokens() {
        return Set.of();
    }

    /** The form of the published Hugging Face checkpoints of LLaVA-1.5. */
    static ChatTemplate llava() {
        return new LlavaTemplate();
    }
}
