package io.sightmill.llava;

import io.sightmill.engine.DialogueTurn;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A chat template that renders a dialogue once and then remembers it: an archive asks the same of
 * every image, and rendering Jinja costs more than preprocessing a small image. Thread-safe.
 *
 * <p>Holds the last few hundred short dialogues, a few megabytes at the very most. Not for a
 * template that asks for the time.
 */
final class RememberedPrompts implements ChatTemplate {

    private static final int MOST_DIALOGUES = 256;
    private static final int MOST_CHARACTERS = 4_096;

    /** Turns that say nothing take memory, too. */
    private static final int MOST_TURNS = 64;

    private final ChatTemplate inner;

    /** The least recently used first. */
    private final Map<Dialogue, List<PromptSegment>> rendered =
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(
                        Map.Entry<Dialogue, List<PromptSegment>> eldest) {
                    return size() > MOST_DIALOGUES;
                }
            };

    private record Dialogue(List<DialogueTurn> turns, int imageCount) {

        private Dialogue {
            turns = List.copyOf(turns);
        }

        private boolean isShort() {
            return turns.size() <= MOST_TURNS
                    && turns.stream().mapToLong(turn -> turn.text().length()).sum()
                            <= MOST_CHARACTERS;
        }
    }

    /**
     * @param inner gives the same for the same dialogue at any time
     */
    RememberedPrompts(ChatTemplate inner) {
        this.inner = inner;
    }

    @Override
    public List<PromptSegment> render(List<DialogueTurn> turns, int imageCount) {
        Dialogue dialogue = new Dialogue(turns, imageCount);
        if (!dialogue.isShort()) {
            return inner.render(turns, imageCount);
        }
        synchronized (rendered) {
            List<PromptSegment> known = rendered.get(dialogue);
            if (known != null) {
                return known;
            }
        }
        List<PromptSegment> fresh = List.copyOf(inner.render(turns, imageCount));
        synchronized (rendered) {
            rendered.put(dialogue, fresh);
        }
        return fresh;
    }

    /** Not remembered: training renders each dialogue once. */
    @Override
    public AnsweredDialogue renderAnswered(List<DialogueTurn> turns, int imageCount) {
        return inner.renderAnswered(turns, imageCount);
    }

    @Override
    public List<String> stopStrings() {
        return inner.stopStrings();
    }

    @Override
    public Set<String> endTokens() {
        return inner.endTokens();
    }
}
