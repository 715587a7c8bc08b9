package io.sightmill.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InspectTest {

    private static final Path IN_THE_BOX =
            SightmillProcess.projectRoot().resolve("deploy/local/model/sightmill-tiny");

    @TempDir private Path directory;

    private record Ended(int exitCode, String output) {}

    @Test
    void theModelInTheBoxIsSound() {
        Ended ended = inspect(IN_THE_BOX.toString());

        assertThat(ended.exitCode()).isZero();
        assertThat(ended.output())
                .contains("LLaVA-1.5, Hugging Face layout, llama text model")
                .containsPattern("tokenizer +tokenizer.json, 1,024 tokens")
                .containsPattern("chat template +the checkpoint's own")
                .containsPattern("context +2048 tokens")
                .containsPattern("640x480 +64 in 1 tile")
                .containsPattern("FLOAT32 +weights .* MiB; KV 5.0 KiB a token")
                .containsPattern("problems +none");
    }

    @Test
    void machinesGetOneObject() {
        Ended ended =
                inspect(
                        IN_THE_BOX.toString(),
                        "--json",
                        "--image",
                        "640x480",
                        "--precision",
                        "bfloat16");

        assertThat(ended.exitCode()).isZero();
        List<JsonNode> lines = JsonLines.parse(ended.output());
        assertThat(lines).hasSize(1);
        JsonNode report = lines.get(0);
        assertThat(report.get("sound").asBoolean()).isTrue();
        assertThat(report.get("images")).hasSize(1);
        assertThat(report.at("/images/0/width").asInt()).isEqualTo(640);
        assertThat(report.at("/images/0/tokens").asInt()).isEqualTo(64);
        assertThat(report.get("memory")).hasSize(1);
        assertThat(report.at("/memory/0/precision").asText()).isEqualTo("BFLOAT16");
        assertThat(report.at("/tokenizer/file").asText()).isEqualTo("tokenizer.json");
        assertThat(report.at("/chatTemplate").asText()).isEqualTo("own");
        assertThat(report.at("/text/layers").asInt()).isEqualTo(4);
    }

    @Test
    void allThatIsWrongIsListedAndTheCommandEnds1() throws IOException {
        Files.writeString(directory.resolve("config.json"), "{\"model_type\": \"gpt\"}");

        Ended ended = inspect(directory.toString());

        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.output())
                .contains("  - " + directory.resolve("config.json") + ": model_type is 'gpt'")
                .contains("  - " + directory.resolve("preprocessor_config.json") + " is missing")
                .contains("  - " + directory.resolve("tokenizer.json") + " is missing")
                .contains("has neither model.safetensors nor");
    }

    @Test
    void aSizeThatIsNoneIsWrongUsage() {
        assertThat(inspect("x", "--image", "large").exitCode()).isEqualTo(2);
        assertThat(inspect("x", "--image", "0x5").exitCode()).isEqualTo(2);
    }

    private static Ended inspect(String... words) {
        PrintStream before = System.out;
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        System.setOut(new PrintStream(output, true, StandardCharsets.UTF_8));
        try {
            String[] all = new String[words.length + 1];
            all[0] = "inspect";
            System.arraycopy(words, 0, all, 1, words.length);
            int exitCode = Sightmill.execute(all);
            return new Ended(exitCode, output.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(before);
        }
    }
}
