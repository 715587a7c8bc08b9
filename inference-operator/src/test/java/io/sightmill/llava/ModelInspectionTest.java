package io.sightmill.llava;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelInspectionTest {

    @TempDir private Path directory;

    @Test
    void saysWhatASmallCheckpointIs() {
        ModelReport report = inspect(ReferenceFiles.path("tiny-llava"));

        assertThat(report.problems()).isEmpty();
        ModelReport.Shape shape = report.model().orElseThrow();
        assertThat(shape.family()).isEqualTo("LLaVA-1.5");
        assertThat(shape.layout()).isEqualTo("Hugging Face");
        assertThat(shape.textModel()).isEqualTo("llama");
        assertThat(report.chatTemplate()).hasValue(ModelReport.OWN_TEMPLATE);
        assertThat(report.files()).hasSize(3);
        assertThat(report.files())
                .allMatch(file -> file.parameters().keySet().equals(Set.of("F16")));
        assertThat(report.images()).allMatch(image -> image.tokens() == 16 && image.tiles() == 1);
    }

    /**
     * 849,216 parameters are in the files; the last vision layer and the norm behind it never run.
     */
    @Test
    void countsWhatIsLoaded() {
        ModelReport report = inspect(ReferenceFiles.path("tiny-llava"));

        long lastLayer = 4 * (64 * 64 + 64) + 2 * 2 * 64 + 2 * 64 * 128 + 128 + 64;
        assertThat(report.parameters()).isEqualTo(849_216 - lastLayer - 2 * 64);
        assertThat(report.parts())
                .extracting(ModelReport.Part::name)
                .containsExactly("vision", "projector", "language", "head");
        assertThat(report.parts()).allMatch(part -> part.fileBytes() == 2 * part.parameters());
    }

    @Test
    void reckonsMemory() {
        ModelReport report = inspect(ReferenceFiles.path("tiny-llava"));

        ModelReport.Memory memory = report.memory().get(0);
        long token = 2 * 3 * 2 * 32 * 4;
        assertThat(memory.precision()).isEqualTo(Precision.FLOAT32);
        assertThat(memory.weights()).isEqualTo(4 * report.parameters());
        assertThat(memory.kvPerToken()).isEqualTo(token);
        assertThat(memory.kvFullContext()).isEqualTo(4_096 * token);
        assertThat(memory.kvOneImage()).isEqualTo((16 + 256) * token);
    }

    @Test
    void tiedEmbeddingsAreOneTensorAndTakeTheMemoryOfTwo() {
        ModelReport report = inspect(ReferenceFiles.path("families/alt"));

        LlavaConfig config = report.model().orElseThrow().config();
        long table = (long) config.text().vocabularySize() * config.text().hiddenSize();
        assertThat(config.text().tiedEmbeddings()).isTrue();
        assertThat(report.memory().get(0).weights()).isEqualTo(4 * (report.parameters() + table));
    }

    @Test
    void countsTheTokensOfTiles() {
        ModelReport report =
                new ModelInspection(
                                ReferenceFiles.path("next"),
                                List.of(new Resolution(40, 90)),
                                LoadOptions.defaults())
                        .report(LoadProgress.none());

        LlavaConfig config = LlavaConfig.read(ReferenceFiles.path("next"));
        TileGrid grid = config.imageLayout().grid(40, 90);
        assertThat(report.model().orElseThrow().family()).isEqualTo("LLaVA-NeXT");
        assertThat(report.images())
                .containsExactly(
                        new ModelReport.ImageTokens(
                                90, 40, config.imageLayout().tokens(grid), grid.tiles()));
        assertThat(grid.tiles()).isGreaterThan(1);
    }

    /**
     * The published file has 7,063,427,072 parameters: the last of 24 vision layers and the norm
     * behind it are not loaded.
     */
    @Test
    void readsTheHeadersOfSevenBillionParametersOnly() throws IOException {
        CheckpointCopy copy = CheckpointCopy.in(directory);
        SparseCheckpoint.asLlava7b(copy);

        ModelReport report = inspect(directory);

        assertThat(report.problems()).isEmpty();
        assertThat(report.parameters()).isEqualTo(7_063_427_072L - 12_596_224 - 2 * 1_024);
        assertThat(report.fileBytes()).isGreaterThan(2 * report.parameters());
        assertThat(report.images()).allMatch(image -> image.tokens() == 576);
        assertThat(report.memory().get(1).kvPerToken()).isEqualTo(512 << 10);
    }

    @Test
    void findsAllThatIsWrongAtOnce() throws IOException {
        CheckpointCopy copy = CheckpointCopy.in(directory);
        Files.delete(copy.file("model-00003-of-00003.safetensors"));
        Files.delete(copy.file("preprocessor_config.json"));
        Files.writeString(copy.file("tokenizer.json"), "{");
        Files.createSymbolicLink(copy.file("chat_template.jinja"), Path.of("gone"));
        copy.edit(
                "config.json",
                config -> ((ObjectNode) config.get("text_config")).put("intermediate_size", 353));

        ModelReport report = inspect(directory);

        assertThat(report.isSound()).isFalse();
        assertThat(report.problems())
                .anyMatch(each -> each.contains("chat_template.jinja is a link to a file that is"))
                .anyMatch(each -> each.contains("model-00003-of-00003.safetensors is missing"))
                .anyMatch(each -> each.contains("preprocessor_config.json is missing"))
                .anyMatch(each -> each.contains("tokenizer.json cannot be read as JSON"))
                .anyMatch(each -> each.contains("lacks tensor 'language_model.lm_head.weight'"))
                .anyMatch(each -> each.contains("gate_proj.weight' is F16 [352, 128]"))
                .anyMatch(each -> each.contains("down_proj.weight' is F16 [128, 352]"))
                .doesNotHaveDuplicates();
    }

    @Test
    void oneWrongPartOfTheConfigurationDoesNotHideAnother() throws IOException {
        CheckpointCopy.in(directory)
                .edit(
                        "config.json",
                        config -> {
                            ((ObjectNode) config.get("vision_config")).put("patch_size", 0);
                            ((ObjectNode) config.get("text_config")).put("vocab_size", "many");
                            config.put("projector_hidden_act", "relu");
                            config.put("vision_feature_select_strategy", "most");
                        });

        assertThat(inspect(directory).problems())
                .hasSize(4)
                .anyMatch(each -> each.contains("vision_config.patch_size is 0"))
                .anyMatch(each -> each.contains("text_config.vocab_size is \"many\""))
                .anyMatch(each -> each.contains("projector_hidden_act is 'relu'"))
                .anyMatch(each -> each.contains("vision_feature_select_strategy is 'most'"));
    }

    @Test
    void norDoesOneOfTheAuthorsLayout() throws IOException {
        CheckpointCopy copy =
                CheckpointCopy.of("authors/v1", Files.createDirectory(directory.resolve("model")));
        CheckpointCopy tower =
                CheckpointCopy.of(
                        "authors/clip-tiny-42",
                        Files.createDirectory(directory.resolve("clip-tiny-42")));
        copy.edit(
                "config.json",
                config ->
                        config.put("s2", true)
                                .put("mm_projector_type", "identity")
                                .put("num_attention_heads", 0));
        tower.edit("config.json", config -> config.put("model_type", "siglip"));

        assertThat(inspect(copy.directory()).problems())
                .anyMatch(each -> each.contains("s2 is true"))
                .anyMatch(each -> each.contains("mm_projector_type is 'identity'"))
                .anyMatch(each -> each.contains("num_attention_heads is 0"))
                .anyMatch(each -> each.contains("model_type is 'siglip'"))
                .doesNotHaveDuplicates();
    }

    @Test
    void callsTheAuthorsProjectorAProjectorToo() {
        assertThat(inspect(ReferenceFiles.path("authors/v1.6")).parts())
                .extracting(ModelReport.Part::name)
                .containsExactly("vision", "projector", "language", "head", "newline");
    }

    @Test
    void saysWhatCutsTextIntoTokens() throws IOException {
        assertThat(inspect(ReferenceFiles.path("tiny-llava")).tokenizer())
                .hasValue(new ModelReport.TokenizerFile("tokenizer.json", 512));
    }

    @Test
    void aFloodOfProblemsIsCutOff() throws IOException {
        CheckpointCopy copy = CheckpointCopy.in(directory);
        copy.renameTensors(name -> "x." + name);

        ModelReport report = inspect(directory);

        assertThat(report.problems()).hasSize(51);
        assertThat(report.problems().get(50)).matches("and \\d+ more");
    }

    @Test
    void readsNothingThroughALinkOutOfTheDirectory() throws IOException {
        Path model = Files.createDirectory(directory.resolve("model"));
        CheckpointCopy copy = CheckpointCopy.in(model);
        Path outside = directory.resolve("config-of-another.json");
        Files.move(copy.file("config.json"), outside);
        Files.createSymbolicLink(copy.file("config.json"), outside);

        ModelReport report = inspect(model);

        assertThat(report.problems())
                .singleElement()
                .asString()
                .contains("config.json is a link out of", "--follow-links");
        assertThat(report.model()).isEmpty();
    }

    @Test
    void findsEveryTensorThatIsNoNumberIfAsked() throws IOException {
        CheckpointCopy copy = CheckpointCopy.in(directory);
        String shard = "model-00003-of-00003.safetensors";
        copy.overwrite(shard, "language_model.lm_head.weight", 3, 0x7C00);
        copy.overwrite(shard, "language_model.model.norm.weight", 9, 0x7E00);

        ModelReport report =
                new ModelInspection(directory, List.of(), new LoadOptions(true, false))
                        .report(LoadProgress.none());

        assertThat(inspect(directory).problems()).isEmpty();
        assertThat(report.problems())
                .hasSize(2)
                .anyMatch(each -> each.contains("norm.weight' is NaN or infinite at [9]"))
                .anyMatch(each -> each.contains("lm_head.weight' is NaN or infinite at [0, 3]"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"nowhere", "file"})
    void saysSoWhereThereIsNoDirectory(String name) throws IOException {
        Files.createFile(directory.resolve("file"));

        ModelReport report = inspect(directory.resolve(name));

        assertThat(report.problems()).hasSize(1);
        assertThat(report.files()).isEmpty();
    }

    private static ModelReport inspect(Path directory) {
        return new ModelInspection(directory, List.of(), LoadOptions.defaults())
                .report(LoadProgress.none());
    }
}
