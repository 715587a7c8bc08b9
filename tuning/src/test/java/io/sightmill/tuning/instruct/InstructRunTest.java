package io.sightmill.tuning.instruct;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sightmill.tuning.DataFileException;
import io.sightmill.tuning.scenes.SceneDescription;
import io.sightmill.tuning.scenes.SceneOptions;
import io.sightmill.tuning.scenes.SceneWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.EnumSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstructRunTest {

    private static final int SCENES = 6;

    @TempDir private Path directory;

    @BeforeEach
    void drawScenes() {
        new SceneWriter(directory, new SceneDescription(2, 32, SceneOptions.defaults()))
                .write(SCENES, done -> true);
    }

    private static ObjectNode teacher() {
        return JsonNodeFactory.instance.objectNode().put("teacher", "built-in");
    }

    private InstructRun run(Teacher teacher, boolean skipsBadLines) {
        InstructOptions options =
                new InstructOptions(5, EnumSet.allOf(SampleKind.class), 1, skipsBadLines);
        return new InstructRun(directory, options, teacher, teacher());
    }

    private JsonNode json(String file) throws IOException {
        return new ObjectMapper().readTree(directory.resolve(file).toFile());
    }

    @Test
    void writesTrainingJsonOfEveryKind() throws Exception {
        InstructReport report = run(new ComposingTeacher(4), false).run(tried -> true);

        assertThat(report.isWhole()).isTrue();
        assertThat(report.failures()).isZero();
        assertThat(json("conversation.json")).hasSize(SCENES);
        assertThat(json("detail.json")).hasSize(SCENES);
        assertThat(json("reasoning.json")).hasSize(SCENES);
        assertThat(json("align.json")).hasSize(SCENES);
        assertThat(json("instruct.json")).hasSize(3 * SCENES);
        for (JsonNode sample : json("instruct.json")) {
            assertThat(directory.resolve(sample.get("image").textValue())).exists();
            JsonNode turns = sample.get("conversations");
            assertThat(turns.size() % 2).isZero();
            for (int turn = 0; turn < turns.size(); turn++) {
                String value = turns.get(turn).get("value").textValue();
                assertThat(turns.get(turn).get("from").textValue())
                        .isEqualTo(turn % 2 == 0 ? "human" : "gpt");
                assertThat(value.contains("<image>")).isEqualTo(turn == 0);
            }
        }
    }

    @Test
    void goesOnWhereAnInterruptedRunStopped() throws Exception {
        run(new ComposingTeacher(4), false).run(tried -> true);
        byte[] undisturbed = Files.readAllBytes(directory.resolve("instruct.json"));
        Files.delete(directory.resolve("instruct.journal.jsonl"));

        InstructReport part = run(new ComposingTeacher(4), false).run(tried -> tried < 7);
        Files.writeString(
                directory.resolve("instruct.journal.jsonl"), "{\"ind", StandardOpenOption.APPEND);
        InstructReport whole = run(new ComposingTeacher(4), false).run(tried -> true);

        assertThat(part.isWhole()).isFalse();
        assertThat(whole.isWhole()).isTrue();
        assertThat(directory.resolve("instruct.json")).hasBinaryContent(undisturbed);
    }

    @Test
    void triesAgainWhatFailed() throws Exception {
        ComposingTeacher composing = new ComposingTeacher(4);
        Teacher weary =
                (image, kind, dice) -> {
                    if (image.id().endsWith("3")) {
                        throw new TeachingFailedException("too weary", Lesson.Usage.NONE, null);
                    }
                    return composing.teach(image, kind, dice);
                };

        InstructReport first = run(weary, false).run(tried -> true);
        InstructReport second = run(composing, false).run(tried -> true);

        assertThat(first.failures()).isEqualTo(3);
        assertThat(first.firstFailures())
                .containsExactlyInAnyOrder(
                        "00000003 conversation: too weary",
                        "00000003 detail: too weary",
                        "00000003 reasoning: too weary");
        assertThat(second.failures()).isZero();
        assertThat(json("instruct.json")).hasSize(3 * SCENES);
    }

    @Test
    void refusesOrReportsALineThatCannotBeRead() throws Exception {
        Files.writeString(
                directory.resolve("captions.jsonl"), "{\"id\":7}\n", StandardOpenOption.APPEND);

        assertThatThrownBy(() -> run(new ComposingTeacher(4), false).run(tried -> true))
                .isInstanceOf(DataFileException.class)
                .hasMessageEndingWith("captions.jsonl: line 7: 'id' is 7 and must be a text");
        InstructReport report = run(new ComposingTeacher(4), true).run(tried -> true);

        assertThat(report.firstFailures().get(0)).contains("line 7");
        assertThat(json("instruct.json")).hasSize(3 * SCENES);
    }

    @Test
    void reportsAPictureThatTheBuiltInTeacherCannotSpeakOf() throws Exception {
        Files.writeString(
                directory.resolve("captions.jsonl"),
                "{\"id\":\"dog\",\"image\":\"dog.png\",\"captions\":[\"A dog.\"],\"boxes\":[\"dog: [0.1, 0.1, 0.5, 0.5]\"]}\n",
                StandardOpenOption.APPEND);

        InstructReport report = run(new ComposingTeacher(4), false).run(tried -> true);

        assertThat(report.failures()).isEqualTo(3);
        assertThat(report.firstFailures().get(0))
                .contains("dog conversation: the built-in teacher cannot speak of 'dog: [0.100");
    }
}
