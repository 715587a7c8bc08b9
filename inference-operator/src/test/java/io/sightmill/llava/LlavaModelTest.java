package io.sightmill.llava;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sightmill.engine.Device;
import io.sightmill.engine.DialogueTurn;
import io.sightmill.engine.GenerationOptions;
import io.sightmill.engine.ImageInput;
import io.sightmill.engine.Lane;
import io.sightmill.engine.Model;
import io.sightmill.engine.PreparedRequest;
import io.sightmill.engine.RequestInput;
import io.sightmill.engine.Sequence;
import io.sightmill.engine.SequenceDriver;
import io.sightmill.engine.SequenceRequest;
import io.sightmill.engine.TaskInput;
import io.sightmill.engine.TaskKind;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** From an image file and a question to the reference's answer, through the engine's contract. */
class LlavaModelTest {

    private static Model model;

    @BeforeAll
    static void open() {
        String directory = ReferenceFiles.path("tiny-llava").toString();
        model = new LlavaModelProvider(directory, Precision.FLOAT32).open(Device.cpu());
    }

    @AfterAll
    static void close() {
        model.close();
    }

    @ParameterizedTest
    @CsvSource({"0, What is shown in this image?", "1, Describe it."})
    void answersAsTheReferenceDoes(int index, String question) throws Exception {
        JsonNode expected = ReferenceFiles.json("e2e.json").get(index);
        byte[] file = ReferenceFiles.image(expected.get("image").asText());
        TaskInput task =
                new TaskInput(
                        "t",
                        TaskKind.GENERATE,
                        List.of(new DialogueTurn(DialogueTurn.Role.USER, question)),
                        List.of(),
                        GenerationOptions.greedy(24));
        PreparedRequest prepared =
                model.preprocessor()
                        .preprocess(
                                new RequestInput(
                                        "r", List.of(new ImageInput(file, "")), List.of(task)));
        Sequence sequence =
                new Sequence(new SequenceRequest("r" + index, Lane.LIVE, prepared.tasks().get(0)));
        SequenceDriver driver = new SequenceDriver(model.runner());

        model.runner().admit(sequence);
        driver.prefill(sequence, 256);
        while (sequence.tokenCount() < 24) {
            driver.decode(List.of(sequence));
        }
        model.runner().release(sequence);

        assertThat(sequence.prompt().tokenIds())
                .isEqualTo(ReferenceFiles.ids(expected.get("input_ids")));
        assertThat(sequence.tokens()).isEqualTo(ReferenceFiles.ids(expected.get("generated_ids")));
    }

    @Test
    void describesItself() throws Exception {
        assertThat(model.description().name()).isEqualTo("tiny-llava");
        assertThat(model.description().contextTokens()).isEqualTo(4096);
        assertThat(model.description().endTokenIds()).isEqualTo(Set.of(2));
        assertThat(model.description().weightsSha256()).isEqualTo(sha256OfShards());
    }

    private static String sha256OfShards() throws Exception {
        InputStream all = new ByteArrayInputStream(new byte[0]);
        for (int shard = 1; shard <= 3; shard++) {
            String name = "tiny-llava/model-0000" + shard + "-of-00003.safetensors";
            all = new SequenceInputStream(all, open(name));
        }
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(all.readAllBytes());
        return HexFormat.of().formatHex(digest);
    }

    private static InputStream open(String name) throws IOException {
        return Files.newInputStream(ReferenceFiles.path(name));
    }
}
