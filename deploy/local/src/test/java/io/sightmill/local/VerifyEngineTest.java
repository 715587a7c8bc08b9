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

class VerifyEngineTest {

    @Test
    void everyPrecisionGivesTheSameInEveryMixture() throws IOException {
        List<JsonNode> lines =
                JsonLines.parse(
                        run("verify-engine", "--requests", "6", "--mixtures", "2", "--json"));

        assertThat(lines)
                .extracting(line -> line.get("precision").asText())
                .containsExactly("float32", "bfloat16", "int8");
        assertThat(lines).allMatch(line -> line.get("holds").asBoolean());
        assertThat(lines).allMatch(line -> line.get("sequences").asInt() >= 6);
    }

    @Test
    void linesSayWhatHappenedToTheRequests() {
        String output =
                run(
                        "verify-engine",
                        "--requests",
                        "6",
                        "--mixtures",
                        "3",
                        "--precision",
                        "float32");

        assertThat(output)
                .startsWith("float32   6 requests")
                .contains("3 mixtures: all equal")
                .contains("preemptions");
    }

    private static String run(String... words) {
        PrintStream before = System.out;
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        System.setOut(new PrintStream(output, true, StandardCharsets.UTF_8));
        try {
            String[] onTheBox = Arrays.copyOf(words, words.length + 1);
            onTheBox[words.length] =
                    SightmillProcess.projectRoot()
                            .resolve("deploy/local/model/sightmill-tiny")
                            .toString();
            assertThat(Sightmill.execute(onTheBox)).isZero();
        } finally {
            System.setOut(before);
        }
        return output.toString(StandardCharsets.UTF_8);
    }
}
