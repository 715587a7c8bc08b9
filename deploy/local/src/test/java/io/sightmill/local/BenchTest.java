package io.sightmill.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchTest {

    private static final String MODEL =
            SightmillProcess.projectRoot()
                    .resolve("inference-operator/src/test/resources/golden/tiny-llava")
                    .toString();

    private static final List<String> FIGURES =
            List.of(
                    "roofline.read",
                    "roofline.text",
                    "roofline.vision",
                    "roofline.plain",
                    "encode",
                    "project",
                    "prefill",
                    "decode.1",
                    "decode.4",
                    "decode.16",
                    "decode.32",
                    "decode.read",
                    "decode.ratio16",
                    "image",
                    "ownWork.greedy",
                    "ownWork.sampled",
                    "mixed.requests",
                    "mixed.continuous",
                    "mixed.decodeShare",
                    "mixed.promptShare",
                    "batches.count",
                    "batches.static",
                    "batches.decodeShare",
                    "batches.ratio",
                    "batches.decodeRatio",
                    "latency.requests",
                    "latency.rate",
                    "firstToken.p50",
                    "firstToken.p99",
                    "interToken.p50",
                    "interToken.p99",
                    "tasks.together",
                    "tasks.apart",
                    "tasks.cost",
                    "exactness.replay",
                    "exactness.prefill",
                    "exactness.restore",
                    "exactness.chunks",
                    "snapshot.median",
                    "snapshot.p99");

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

    @Test
    void engineMeasuresEveryFigureAndDrawsTheTargets(@TempDir Path directory) throws IOException {
        Path chart = directory.resolve("chart.png");
        String box =
                SightmillProcess.projectRoot()
                        .resolve("deploy/local/model/sightmill-tiny")
                        .toString();

        List<JsonNode> lines =
                run("bench", "engine", "--model", box, "--seconds", "12", "--chart", "" + chart);

        assertThat(lines).hasSize(1);
        JsonNode figures = lines.get(0).get("figures");
        List<String> keys = new ArrayList<>();
        figures.fieldNames().forEachRemaining(keys::add);
        assertThat(keys).containsExactlyElementsOf(FIGURES);
        assertThat(figures)
                .allSatisfy(
                        figure -> {
                            assertPositive(figure.get("value"));
                            if (figure.has("shareOfRoofline")) {
                                assertPositive(figure.get("shareOfRoofline"));
                            }
                        });
        assertThat(figures.get("mixed.requests").get("value").asInt()).isEqualTo(64);
        assertThat(figures.get("prefill").get("atLeast").asDouble()).isEqualTo(0.8);
        assertThat(ImageIO.read(chart.toFile()).getWidth()).isGreaterThan(1_000);
    }

    @Test
    void engineMeasuresWhatIsAskedForAndWhatThatIsComparedWith() throws IOException {
        List<JsonNode> lines =
                run(
                        "bench",
                        "engine",
                        "--model",
                        MODEL,
                        "--seconds",
                        "1",
                        "--only",
                        "prefill,snapshot");

        List<String> keys = new ArrayList<>();
        lines.get(0).get("figures").fieldNames().forEachRemaining(keys::add);
        assertThat(keys)
                .containsExactly(
                        "roofline.read",
                        "roofline.text",
                        "roofline.vision",
                        "roofline.plain",
                        "prefill",
                        "snapshot.median",
                        "snapshot.p99");
    }

    @Test
    void soakPrintsTheMemoryAsRequestsEnd() throws IOException {
        PrintStream before = System.out;
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        System.setOut(new PrintStream(output, true, StandardCharsets.UTF_8));
        try {
            // So few requests that the heap may still grow: how it ends says nothing.
            Sightmill.execute("bench", "soak", "--model", MODEL, "--requests", "40", "--json");
        } finally {
            System.setOut(before);
        }

        List<JsonNode> lines = JsonLines.parse(output.toString(StandardCharsets.UTF_8));
        assertThat(lines).hasSize(21);
        assertThat(lines.get(19).get("requests").asInt()).isEqualTo(40);
        assertThat(lines.get(19).get("anonymousBytes").asLong()).isPositive();
        assertThat(lines.get(20).has("growth")).isTrue();
    }

    private static void assertPositive(JsonNode number) {
        assertThat(number.asDouble()).isPositive().isFinite();
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
