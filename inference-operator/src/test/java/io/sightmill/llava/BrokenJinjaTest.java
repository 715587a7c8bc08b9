package io.sightmill.llava;

import static io.sightmill.llava.JinjaTemplateTest.answer;
import static io.sightmill.llava.JinjaTemplateTest.user;
import static io.sightmill.llava.JinjaTemplateTest.written;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightmill.engine.DialogueTurn;
import io.sightmill.engine.ModelLoadException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A chat template is a program from outside: broken or hostile, it costs a message and no more. */
class BrokenJinjaTest {

    /** Two renderings of a second of work each, on a busy machine. */
    private static final Duration SOON = Duration.ofSeconds(30);

    private static final String LOOP = "{% for turn in messages %}";
    private static final String TEXT = LOOP + "{{ turn.content }}{% endfor %}";

    static List<Arguments> broken() {
        return List.of(
                Arguments.of("{% for turn in messages %}", "a block {% for %} is never closed"),
                Arguments.of(TEXT + "{% endif %}", "{% endif %} closes no block"),
                Arguments.of("{{ messages[0]", "'{{' at character 0 is never closed"),
                Arguments.of("{% if 'x %}", "'{%' at character 0 is never closed"),
                Arguments.of("{# endless", "'{#' at character 0 is never closed"),
                Arguments.of(TEXT + "{{ 1 + }}", "line 1"),
                Arguments.of(TEXT + "{{ 'a' | nosuch }}", "nosuch"),
                Arguments.of(TEXT + "{{ nosuch('a') }}", "nosuch"),
                Arguments.of(TEXT + "{% if 'a' is nosuch %}{% endif %}", "nosuch"),
                Arguments.of(TEXT + "{% include '/etc/passwd' %}", "{% include %}"),
                Arguments.of(TEXT + "{% extends 'x' %}", "{% extends %}"),
                Arguments.of(TEXT + "{% import 'x' as x %}", "{% import %}"),
                Arguments.of("(".repeat(9) + "{{ " + "(".repeat(99) + "1", "nested deeper"),
                Arguments.of(TEXT + "{{ " + "[".repeat(30) + "]".repeat(30) + " }}", "nested"),
                Arguments.of(
                        TEXT + "{% if 1 %}".repeat(99) + "{% endif %}".repeat(99),
                        "blocks are nested deeper"),
                Arguments.of(TEXT + "{{ " + "not ".repeat(999) + "1 }}", "nested deeper"),
                Arguments.of(TEXT + "{{ " + "1 + ".repeat(9_999) + "1 }}", "and may have 4096"),
                Arguments.of("x".repeat(10 << 20), "10485760 characters and may have 65536"),
                Arguments.of(TEXT + "{{ range(1000000000) | length }}", "a range has more than"),
                Arguments.of(TEXT + loops(9) + "{% endfor %}".repeat(9), "not done after"),
                Arguments.of("{% macro m(x) %}{{ m(x) }}{% endmacro %}{{ m(1) }}" + TEXT, "m"),
                Arguments.of(
                        "{% set x = namespace(t='0123456789') %}{% for i in range(99) %}"
                                + "{% set x.t = x.t ~ x.t %}{% endfor %}"
                                + TEXT,
                        ""),
                Arguments.of(
                        "{% set x = [1] %}{% for i in range(900) %}{% for j in range(900) %}"
                                + "{% do x.append('0123456789') %}{% endfor %}{% endfor %}"
                                + TEXT,
                        ""),
                Arguments.of(
                        loops(2) + "{{ 'y' * 1 }}xxxxxxxxxxxxxxxx" + "{% endfor %}".repeat(2), ""),
                Arguments.of(TEXT + "{{ raise_exception('not for images') }}", "not for images"),
                Arguments.of(TEXT + "{{ messages[0].content.getClass() }}", "getClass"),
                Arguments.of(TEXT + "{{ ''.getClass() }}", "no method 'getClass'"),
                Arguments.of(TEXT + "{{ messages.getClass() }}", "no method 'getClass'"),
                Arguments.of(TEXT + "{{ messages.stream() }}", "no method 'stream'"),
                Arguments.of(TEXT + "{{ messages[0].entrySet() }}", "no method 'entrySet'"),
                Arguments.of(TEXT + "{{ (1).toString() }}", "no method 'toString'"),
                Arguments.of(
                        TEXT + "{{ ____int3rpr3t3r____.getContext() }}", "no method 'getContext'"),
                Arguments.of("", "leaves out what turn 1 (USER) says"),
                Arguments.of("{{ messages[0].content[1].text }}", "0 places for 1 images"),
                Arguments.of(TEXT + TEXT, "twice"),
                Arguments.of(LOOP + "{{ turn.content.upper() }}{% endfor %}", "leaves out"),
                Arguments.of(LOOP + "{{ turn.content[:20] }}{% endfor %}", "leaves out"));
    }

    private static String loops(int depth) {
        return "{% for i in range(999) %}".repeat(depth);
    }

    @ParameterizedTest
    @MethodSource("broken")
    void aBrokenTemplateIsRefusedWhenItIsLoaded(String template, String message) {
        Assertions.assertTimeoutPreemptively(
                SOON,
                () ->
                        assertThatThrownBy(() -> JinjaTemplateTest.open("MODEL", template))
                                .isInstanceOf(ModelLoadException.class)
                                .hasMessageStartingWith("the chat template of MODEL cannot be used")
                                .hasMessageContaining(message)
                                .hasMessageContaining("vicuna_v1")
                                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(2_000)));
    }

    @Test
    void aJavaClassIsNothingToATemplate() {
        JinjaTemplate template =
                JinjaTemplateTest.open(
                        "MODEL", TEXT + "{{ ''.class }}{{ ''.class.forName('java.io.File') }}");

        assertThat(written(template.render(List.of(user("Hi")), 0))).isEqualTo("Hi");
    }

    @Test
    void aTemplateThatReadsWhatATurnSaysIsRefusedForThatDialogueOnly() {
        JinjaTemplate template =
                JinjaTemplateTest.open(
                        "MODEL",
                        LOOP
                                + "{{ turn.role }}: {{ turn.content.split('ASSISTANT:')[-1] }}"
                                + "{% endfor %}");
        List<DialogueTurn> plain = List.of(user("Hi"), answer("Ho"));
        List<DialogueTurn> cut = List.of(user("Hi"), answer("x ASSISTANT: Ho"));

        assertThat(written(template.render(plain, 0))).isEqualTo("user: Hiassistant: Ho");
        assertThatThrownBy(() -> template.render(cut, 0))
                .isInstanceOf(PromptRefusedException.class)
                .hasMessageContaining("changes the text of a turn, or chooses by it");
    }

    @Test
    void textThatIsEmptyOrBlankIsNoMissingText() {
        JinjaTemplate template = JinjaTemplateTest.open("MODEL", TEXT);

        assertThat(written(template.render(List.of(user(""), user(" \n")), 0))).isEqualTo(" \n");
    }

    @Test
    void aLongTextIsRenderedQuickly() {
        JinjaTemplate template = JinjaTemplateTest.open("MODEL", TEXT);
        String book = "{{ x }} ".repeat(100_000);

        Assertions.assertTimeoutPreemptively(
                SOON,
                () -> assertThat(written(template.render(List.of(user(book)), 0))).isEqualTo(book));
    }
}
