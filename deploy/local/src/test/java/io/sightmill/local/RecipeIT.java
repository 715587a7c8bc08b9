package io.sightmill.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The recipe of the model in the box, in miniature. */
class RecipeIT {

    private static final Path ROOT = SightmillProcess.projectRoot();
    private static final long MOST_BYTES = 16_000_000;

    @TempDir private Path scratch;

    @Test
    void makesAModelFromNothingAndGoesOnWhereItWas() throws Exception {
        Path work = scratch.resolve("box");

        String first = run(work);

        Path weights = work.resolve("tuned/model.safetensors");
        assertThat(weights).isNotEmptyFile();
        assertThat(Files.size(weights)).isLessThanOrEqualTo(MOST_BYTES);
        JsonNode evaluation = new ObjectMapper().readTree(work.resolve("evaluation.json").toFile());
        assertThat(evaluation.isEmpty()).isFalse();
        assertThat(first).contains("recipe: " + work.resolve("tuned"));
        for (String other :
                List.of("without-align", "without-tuning", "conversation-only", "all")) {
            assertThat(work.resolve("ablation/" + other + ".json")).isNotEmptyFile();
        }

        byte[] before = Files.readAllBytes(weights);
        Files.delete(work.resolve("tuned/config.json"));
        Files.delete(work.resolve("evaluation.json"));
        String second = run(work);

        assertThat(second)
                .contains("recipe: " + work.resolve("tuned"))
                .doesNotContain("recipe: " + work.resolve("aligned"));
        assertThat(weights).hasBinaryContent(before);
    }

    /** What it says on standard error. */
    private String run(Path work) throws IOException, InterruptedException {
        Path errors = scratch.resolve("errors.txt");
        ProcessBuilder recipe =
                new ProcessBuilder(
                                "bash",
                                ROOT.resolve("tuning/recipe.sh").toString(),
                                work.toString(),
                                "smoke")
                        .redirectOutput(scratch.resolve("output.txt").toFile())
                        .redirectError(errors.toFile());
        recipe.environment().put("SIGHTMILL", commandLine().toString());
        Process process = recipe.start();
        try {
            assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
            assertThat(process.exitValue()).as(Files.readString(errors)).isZero();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        return Files.readString(errors);
    }

    /** The command line with the class path of this JVM. */
    private Path commandLine() throws IOException {
        Path script = scratch.resolve("sightmill");
        List<String> command =
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx1g",
                        "-XX:TieredStopAtLevel=1",
                        "-Djava.awt.headless=true",
                        "-Dai.djl.offline=true",
                        "-Dai.djl.pytorch.num_threads=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Sightmill.class.getName());
        Files.writeString(script, "#!/bin/sh\nexec '" + String.join("' '", command) + "' \"$@\"\n");
        assertThat(script.toFile().setExecutable(true)).isTrue();
        return script;
    }
}
