package io.sightmill.llava;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightmill.engine.DialogueTurn;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RememberedPromptsTest {

    private final Counting inner = new Counting();
    private final RememberedPrompts template = new RememberedPrompts(inner);

    @Test
    void rendersADialogueOnce() {
        List<PromptSegment> first = template.render(asked("What is it?"), 1);

        assertThat(template.render(asked("What is it?"), 1)).isEqualTo(first);
        assertThat(inner.rendered).hasSize(1);
    }

    @Test
    void tellsDialoguesApartByTextImagesAndSpeaker() {
        assertThat(template.render(asked("a"), 1)).isNotEqualTo(template.render(asked("b"), 1));
        assertThat(template.render(asked("a"), 2)).isNotEqualTo(template.render(asked("a"), 1));
        assertThat(template.render(List.of(JinjaTemplateTest.answer("a")), 1))
                .isNotEqualTo(template.render(asked("a"), 1));
    }

    @Test
    void forgetsWhatWasNotAskedForLongest() {
        template.render(asked("old"), 1);
        template.render(asked("often"), 1);
        for (int other = 0; other < 255; other++) {
            template.render(asked("other " + other), 1);
            template.render(asked("often"), 1);
        }
        inner.rendered.clear();

        template.render(asked("often"), 1);
        template.render(asked("old"), 1);

        assertThat(inner.rendered).containsExactly("old");
    }

    @Test
    void keepsNoLongDialogues() {
        String length = "x".repeat(5_000);

        template.render(asked(length), 1);
        template.render(asked(length), 1);

        assertThat(inner.rendered).hasSize(2);
    }

    @Test
    void keepsNoDialoguesOfManyEmptyTurns() {
        List<DialogueTurn> turns = Collections.nCopies(65, JinjaTemplateTest.user(""));

        template.render(turns, 1);
        template.render(turns, 1);

        assertThat(inner.rendered).hasSize(2);
    }

    @Test
    void aTemplateThatAsksForTheTimeIsNotTimeless() {
        assertThat(JinjaTemplate.isTimeless("{{ strftime_now('%d %b %Y') }}")).isFalse();
        assertThat(JinjaTemplate.isTimeless("{{ messages[0].content }}")).isTrue();
    }

    private static List<DialogueTurn> asked(String text) {
        return List.of(JinjaTemplateTest.user(text));
    }

    /** Writes down what it is asked to render. */
    private static final class Counting implements ChatTemplate {

        private final List<String> rendered = new ArrayList<>();

        @Override
        public List<PromptSegment> render(List<DialogueTurn> turns, int imageCount) {
            rendered.add(turns.get(0).text());
            return List.of(
                    new PromptSegment.Text(
                            turns.get(0).role() + turns.get(0).text() + " x " + imageCount));
        }

        @Override
        public AnsweredDialogue renderAnswered(List<DialogueTurn> turns, int imageCount) {
            throw new UnsupportedOperationException("nothing is learned here");
        }

        @Override
        public Set<String> endTokens() {
            return Set.of();
        }
    }
}
