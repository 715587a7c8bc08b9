package io.sightmill.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class BenchTest {

    private static final String MODEL =
            SightmillProcess.projectRoot()
                    .resolve("inference-operator/src/test/resources/golden/tiny-llava")
                    .toString();

    @Test
    void precisionComparesEachWithFloat32() throws IOException {
        List<JsonNode> lines = run("bench", "precision", "--model", MODEL, "--positions", "200");

        assertThat(lines)
                .extracting(line -> line.get("precision").asText())
                .containsExactly("float32", "bfloat16", "int8");
        assertThat(lines.get(0).get("maxLogitError").asDouble()).isZero();
        assertThat(lines.get(2).get("rmsLogitError").asDouble()).isPositive();
    }

    @Test
    void loadTellsTimeAndMemory() throws IOException {
        List<JsonNode> lines = run("bench", "load", "--model", MODEL, "--precision", "int8");

        assertThat(lines).hasSize(1);
        assertThat(lines.get(0).get("weightBytes").asLong()).isPositive();
        assertThat(lines.get(0).has("peakWhileLoading")).isTrue();
    }

    private static List<JsonNode> run(String... words) throws IOException {
        String[] asJson = Arrays.copyOf(words, words.length + 1);
        asJson[words.length] = "--json";
        PrintStream before = System.out;
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        System.setOut(new PrintStream(output, true, StandardCharsets.UTF_8));
        try {
            assertThat(Sightmill.execute(asJson)).isZero();
        } finally {
            System.setOut(before);
        }
        return JsonLines.parse(output.toString(StandardCharsets.UTF_8));
    }
}
