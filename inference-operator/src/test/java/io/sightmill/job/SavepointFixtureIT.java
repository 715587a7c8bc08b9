package io.sightmill.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sightmill.flink.ScriptedModel;
import io.sightmill.schema.Answer;
import io.sightmill.schema.Embedding;
import io.sightmill.schema.Topics;
import io.sightmill.schema.codec.RecordCodec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A job that an older version stopped with a savepoint goes on under this one. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class SavepointFixtureIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir private Path directory;

    @ParameterizedTest
    @ValueSource(ints = 1)
    void answersGoOnFromTheTokensOfAnOlderVersionsSavepoint(int version) throws Exception {
        Path savepoint =
                Path.of(getClass().getResource("/savepoints/" + version + "/_metadata").toURI())
                        .getParent();
        try (SavepointFixture fixture = new SavepointFixture(directory)) {
            fixture.submit(2, savepoint);

            Map<String, Answer> answers =
                    await().atMost(PATIENCE)
                            .until(() -> answers(fixture), committed -> committed.size() >= 3);

            assertThat(answers).containsOnlyKeys("live long", "bulk long", "bulk short");
            // The older version's model spoke in capitals, this one's does not.
            assertContinued(answers.get("live long").getText());
            assertContinued(answers.get("bulk long").getText());
            assertThat(answers.get("bulk short").getText())
                    .as("a task that was finished does not run again")
                    .hasSize(SavepointFixture.SHORT)
                    .isUpperCase();
            assertThat(fixture.kafka().readAllCommitted(Topics.EMBEDDINGS))
                    .singleElement()
                    .extracting(kept -> RecordCodec.of(Embedding.class).decode(kept.value()))
                    .extracting(Embedding::getTaskId)
                    .isEqualTo("vector");
        }
    }

    private static void assertContinued(String text) {
        String beginning = text.replaceAll("[a-z]", "");
        assertThat(beginning).as("tokens out of the savepoint").hasSizeGreaterThan(20);
        assertThat(text)
                .isEqualTo(
                        ScriptedModel.continued(
                                SavepointFixture.QUESTION, beginning, SavepointFixture.LONG));
    }

    private static Map<String, Answer> answers(SavepointFixture fixture) {
        RecordCodec<Answer> codec = RecordCodec.of(Answer.class);
        return Stream.of(Topics.ANSWERS, Topics.ANSWERS_LIVE)
                .flatMap(topic -> fixture.kafka().readAllCommitted(topic).stream())
                .map(kept -> codec.decode(kept.value()))
                .collect(
                        Collectors.toMap(
                                answer -> answer.getRequestId() + " " + answer.getTaskId(),
                                Function.identity()));
    }
}
