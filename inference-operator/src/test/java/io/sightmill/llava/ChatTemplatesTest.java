package io.sightmill.llava;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightmill.engine.DialogueTurn;
import io.sightmill.engine.ModelLoadException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChatTemplatesTest {

    private static final List<DialogueTurn> QUESTION =
            List.of(new DialogueTurn(DialogueTurn.Role.USER, "What?"));

    @TempDir private Path parent;
    private Tokenizer tokenizer;

    @BeforeEach
    void load() {
        tokenizer = Tokenizer.load(ReferenceFiles.path("tiny-llava"));
    }

    @AfterEach
    void close() {
        tokenizer.close();
    }

    @Test
    void theCheckpointsOwnTemplateIsTaken() {
        assertThat(text(ReferenceFiles.path("tiny-llava"), Optional.empty()))
                .isEqualTo("USER: What? ASSISTANT:");
    }

    @Test
    void aNameWinsOverTheCheckpointsOwn() {
        assertThat(text(ReferenceFiles.path("tiny-llava"), Optional.of("mistral_instruct")))
                .isEqualTo("[INST] What? [/INST]");
    }

    @Test
    void aCheckpointWithoutATemplateGetsTheOneForItsName() throws IOException {
        Path model = Files.createDirectory(parent.resolve("llava-v1.6-mistral-7b"));

        assertThat(text(model, Optional.empty())).isEqualTo("[INST] What? [/INST]");
    }

    @Test
    void aCheckpointWhoseNameSaysNothingGetsTheFormOfLlava15() throws IOException {
        Path model = Files.createDirectory(parent.resolve("llava-1.5-7b-hf"));

        assertThat(text(model, Optional.empty())).isEqualTo("USER: What? ASSISTANT:");
    }

    @Test
    void anOwnTemplateThatCannotBeUsedIsRefusedWhereverItIsKept() throws IOException {
        Path jinja = Files.createDirectory(parent.resolve("jinja"));
        Files.writeString(jinja.resolve("chat_template.jinja"), "[INST] {{ text }} [/INST]");
        Path config = Files.createDirectory(parent.resolve("config"));
        Files.writeString(
                config.resolve("tokenizer_config.json"),
                "{\"chat_template\": [{\"name\": \"default\", \"template\": \"[INST]\"}]}");

        for (Path model : List.of(jinja, config)) {
            assertThatThrownBy(() -> text(model, Optional.empty()))
                    .isInstanceOf(ModelLoadException.class)
                    .hasMessageContaining(model.toString())
                    .hasMessageContaining("mistral_instruct");
            assertThat(text(model, Optional.of("mistral_instruct"))).startsWith("[INST]");
        }
    }

    @Test
    void anUnknownNameIsRefusedWithThoseThatThereAre() {
        assertThatThrownBy(() -> new LlavaModelProvider("/model", Precision.FLOAT32, "v9"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("template is v9 and must be one of default, v0,")
                .hasMessageContaining("llava_hf");
    }

    private String text(Path directory, Optional<String> name) {
        List<PromptSegment> segments =
                ChatTemplates.choose(directory, name, tokenizer, 500).render(QUESTION, 0);
        assertThat(segments).hasSize(1);
        return ((PromptSegment.Text) segments.get(0)).text();
    }
}
