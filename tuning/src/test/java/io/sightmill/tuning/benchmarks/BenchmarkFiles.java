package io.sightmill.tuning.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Small files in the published formats, with what the authors' own scripts make of them. */
final class BenchmarkFiles {

    private static final ObjectMapper JSON = new ObjectMapper();

    private BenchmarkFiles() {}

    static Path path(String name) {
        try {
            return Path.of(BenchmarkFiles.class.getResource("/benchmarks/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    static JsonNode json(String name) throws IOException {
        return JSON.readTree(path(name).toFile());
    }

    static List<JsonNode> lines(String name) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : Files.readAllLines(path(name))) {
            lines.add(JSON.readTree(line));
        }
        return lines;
    }

    /** What the authors' scripts say. */
    static JsonNode expected(String benchmark) throws IOException {
        return json("expected.json").get(benchmark);
    }

    /** Any bad entry fails the test. */
    static BadEntries none() {
        return new BadEntries(
                false,
                problem -> {
                    throw new AssertionError(problem);
                });
    }

    static double value(BenchmarkReport report, String key) {
        return report.figures().get(key).value();
    }
}
