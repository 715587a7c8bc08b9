package io.sightmill.llava;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.sightmill.engine.DialogueTurn;
import io.sightmill.engine.DialogueTurn.Role;
import io.sightmill.llava.PromptSegment.Image;
import io.sightmill.llava.PromptSegment.Special;
import io.sightmill.llava.PromptSegment.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Templates in the manner of published ones against what Hugging Face renders them to.
 * rendered.json holds, for each template and each of {@link #DIALOGUES}, the text that transformers
 * 5.18 gives with {@code render_jinja_template([messages], chat_template=...,
 * add_generation_prompt=True, bos_token="<s>", eos_token="</s>")}; content is a text for the
 * templates named "-text", with {@code <image>\n} before the first question, and a list of parts
 * for the others.
 */
class JinjaTemplateTest {

    static final Map<String, Dialogue> DIALOGUES = dialogues();
    private static final Set<String> SPECIALS =
            Set.of("<s>", "</s>", "<|im_end|>", "<|im_start|>", "<|eot_id|>", "[INST]");

    record Dialogue(int images, List<DialogueTurn> turns) {}

    static List<Arguments> cases() throws Exception {
        List<Arguments> cases = new ArrayList<>();
        ReferenceFiles.json("chat/rendered.json")
                .properties()
                .forEach(
                        template ->
                                template.getValue()
                                        .properties()
                                        .forEach(
                                                dialogue ->
                                                        cases.add(
                                                                Arguments.of(
                                                                        template.getKey(),
                                                                        dialogue.getKey(),
                                                                        dialogue.getValue()))));
        return cases;
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("cases")
    void rendersWhatTheReferenceRenders(String name, String dialogue, JsonNode expected)
            throws Exception {
        Dialogue given = DIALOGUES.get(dialogue);
        JinjaTemplate template = open(name);

        if (expected.isObject()) {
            assertThatThrownBy(() -> template.render(given.turns(), given.images()))
                    .isInstanceOf(PromptRefusedException.class)
                    .hasMessageContaining(expected.get("error").textValue());
            return;
        }
        List<PromptSegment> segments = template.render(given.turns(), given.images());

        assertThat(written(segments)).isEqualTo(expected.textValue());
        assertThat(segments.stream().filter(Image.class::isInstance)).hasSize(given.images());
    }

    static JinjaTemplate open(String name) throws Exception {
        return open(name, new String(ReferenceFiles.bytes("chat/" + name + ".jinja"), "UTF-8"));
    }

    static JinjaTemplate open(String name, String text) {
        return JinjaTemplate.open(
                name,
                text,
                new SpecialTokenNames(Map.of("bos_token", "<s>", "eos_token", "</s>")),
                SPECIALS,
                "<image>");
    }

    static String written(List<PromptSegment> segments) {
        StringBuilder text = new StringBuilder();
        for (PromptSegment segment : segments) {
            if (segment instanceof Text plain) {
                text.append(plain.text());
            } else {
                text.append(segment instanceof Special special ? special.token() : "<image>");
            }
        }
        return text.toString();
    }

    private static Map<String, Dialogue> dialogues() {
        DialogueTurn question = user("What is in the image?");
        DialogueTurn cat = answer("A cat.");
        DialogueTurn colour = user("What colour?");
        DialogueTurn brief = new DialogueTurn(Role.SYSTEM, "Be brief.");
        return Map.of(
                "question", new Dialogue(1, List.of(question)),
                "turns", new Dialogue(1, List.of(question, cat, colour)),
                "system", new Dialogue(1, List.of(brief, question)),
                "systemTurns", new Dialogue(1, List.of(brief, question, cat, colour)),
                "images", new Dialogue(3, List.of(user("Compare them."))),
                "noImage", new Dialogue(0, List.of(user("Hello"))),
                "blanks",
                        new Dialogue(
                                1,
                                List.of(
                                        user("  two  blanks \n"),
                                        answer("\tA tab.\n\n"),
                                        user("\u00a0 wide \u2003"))),
                "marked",
                        new Dialogue(
                                1,
                                List.of(
                                        user(
                                                "{{ messages }} {% if %} {# #} <image> </s>"
                                                        + " [INST] <|im_end|> <|eot_id|>"),
                                        answer("{{"),
                                        user("}} %} ASSISTANT:"))),
                "answerFirst", new Dialogue(0, List.of(answer("Hi."), user("Hello"))));
    }

    static DialogueTurn user(String text) {
        return new DialogueTurn(Role.USER, text);
    }

    static DialogueTurn answer(String text) {
        return new DialogueTurn(Role.ASSISTANT, text);
    }
}
