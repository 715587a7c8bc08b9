package io.sightmill.llava;

import static io.sightmill.engine.DialogueTurn.Role.ASSISTANT;
import static io.sightmill.engine.DialogueTurn.Role.SYSTEM;
import static io.sightmill.engine.DialogueTurn.Role.USER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightmill.engine.DialogueTurn;
import io.sightmill.llava.PromptSegment.Image;
import io.sightmill.llava.PromptSegment.Text;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChatTemplateTest {

    private final ChatTemplate template = ChatTemplate.llava();

    @Test
    void aQuestionFollowsItsImage() {
        List<DialogueTurn> turns = List.of(new DialogueTurn(USER, "What is it?"));

        assertThat(template.render(turns, 1))
                .containsExactly(
                        new Text("USER: "), new Image(), new Text("\nWhat is it? ASSISTANT:"));
    }

    @Test
    void severalTurnsFollowEachOtherAndTheImagesStayWithTheFirstUserTurn() {
        List<DialogueTurn> turns =
                List.of(
                        new DialogueTurn(SYSTEM, "Be brief."),
                        new DialogueTurn(USER, "Compare."),
                        new DialogueTurn(ASSISTANT, "One is red."),
                        new DialogueTurn(USER, "And the other?"));

        assertThat(template.render(turns, 2))
                .containsExactly(
                        new Text("Be brief. USER: "),
                        new Image(),
                        new Text("\n"),
                        new Image(),
                        new Text(
                                "\nCompare. ASSISTANT: One is red. USER: And the other?"
                                        + " ASSISTANT:"));
    }

    @Test
    void aDialogueWithoutImagesIsOneText() {
        assertThat(template.render(List.of(new DialogueTurn(USER, "Hello")), 0))
                .containsExactly(new Text("USER: Hello ASSISTANT:"));
    }

    @Test
    void anImageSlotTypedByAUserIsText() {
        List<DialogueTurn> turns = List.of(new DialogueTurn(USER, "<image>\n</s>"));

        assertThat(template.render(turns, 1))
                .containsExactly(
                        new Text("USER: "), new Image(), new Text("\n<image>\n</s> ASSISTANT:"));
    }

    @Test
    void aDialogueNeedsAUserTurn() {
        assertThatThrownBy(() -> template.render(List.of(new DialogueTurn(SYSTEM, "Hi")), 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the dialogue has no user turn");
    }
}
