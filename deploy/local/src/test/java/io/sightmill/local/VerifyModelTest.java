package io.sightmill.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VerifyModelTest {

    private static final Path GOLDEN =
            SightmillProcess.projectRoot().resolve("inference-operator/src/test/resources/golden");

    @TempDir private Path directory;

    private record Ended(int exitCode, String output) {}

    // A checkpoint, and the folder of its cases.
    @ParameterizedTest
    @CsvSource({
        "tiny-llava, .",
        "families/mistral, families/mistral",
        "families/alt, families/alt",
        "next, next",
        "authors/v1, authors/v1",
        "authors/v1.5, authors/v1.5",
        "authors/v1.6, authors/v1.6",
        "authors/deep, authors/deep",
    })
    void everyGoldenCaseHolds(String checkpoint, String folder) throws IOException {
        List<Path> cases = cases(GOLDEN.resolve(folder));

        Ended ended = verify(GOLDEN.resolve(checkpoint), cases);

        assertThat(ended.exitCode()).isZero();
        List<JsonNode> lines = JsonLines.parse(ended.output());
        assertThat(lines).hasSameSizeAs(cases).isNotEmpty();
        assertThat(lines).allMatch(line -> line.get("idsEqual").asBoolean());
        assertThat(lines).allMatch(line -> line.get("logitsDifference").asDouble() <= 2e-4);
    }

    @Test
    void aCheckpointWithOneWeightChangedDoesNot() throws IOException {
        Ended ended = verify(checkpointWithOneByteChanged(), cases(GOLDEN));

        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(JsonLines.parse(ended.output()))
                .anyMatch(line -> !line.get("holds").asBoolean());
    }

    private Path checkpointWithOneByteChanged() throws IOException {
        Path model = Files.createDirectory(directory.resolve("model"));
        try (Stream<Path> files = Files.list(GOLDEN.resolve("tiny-llava"))) {
            for (Path file : files.toList()) {
                Files.copy(file, model.resolve(file.getFileName()));
            }
        }
        Path shard = model.resolve("model-00003-of-00003.safetensors");
        byte[] bytes = Files.readAllBytes(shard);
        // The sign and exponent of one float16.
        bytes[bytes.length / 2 | 1] ^= 0x48;
        Files.write(shard, bytes);
        return model;
    }

    private static List<Path> cases(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().startsWith("case"))
                    .sorted()
                    .toList();
        }
    }

    private static Ended verify(Path model, List<Path> cases) {
        List<String> words = new ArrayList<>(List.of("verify-model", model.toString(), "--json"));
        for (Path each : cases) {
            words.addAll(List.of("--case", each.toString()));
        }
        PrintStream before = System.out;
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        System.setOut(new PrintStream(output, true, StandardCharsets.UTF_8));
        try {
            int exitCode = Sightmill.execute(words.toArray(String[]::new));
            return new Ended(exitCode, output.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(before);
        }
    }
}
