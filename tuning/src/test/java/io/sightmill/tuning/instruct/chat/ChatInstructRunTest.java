package io.sightmill.tuning.instruct.chat;

import static io.sightmill.tuning.instruct.chat.ChatServer.exchange;
import static io.sightmill.tuning.instruct.chat.ChatServer.failing;
import static io.sightmill.tuning.instruct.chat.ChatServer.saying;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.sightmill.tuning.instruct.InstructOptions;
import io.sightmill.tuning.instruct.InstructReport;
import io.sightmill.tuning.instruct.InstructRun;
import io.sightmill.tuning.instruct.Lesson;
import io.sightmill.tuning.instruct.SampleKind;
import io.sightmill.tuning.instruct.TeacherRefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole run for instruction data against a real HTTP server. */
class ChatInstructRunTest {

    private static final int PICTURES = 10;
    private static final int SAMPLES = 3 * PICTURES;

    @TempDir private Path directory;

    @BeforeEach
    void writeCaptions() throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int number = 0; number < PICTURES; number++) {
            lines.append(
                    "{\"id\":\"p%d\",\"image\":\"p%d.png\",\"captions\":[\"Picture %d.\"],\"boxes\":[]}\n"
                            .formatted(number, number, number));
        }
        Files.writeString(directory.resolve("captions.jsonl"), lines);
    }

    private InstructReport run(ChatServer server, int concurrency, long most) throws Exception {
        ChatOptions options =
                new ChatOptions("m", 0, 0, 3, Duration.ofSeconds(20), 0, Duration.ofMinutes(10));
        return new InstructRun(
                        directory,
                        new InstructOptions(1, EnumSet.allOf(SampleKind.class), concurrency, false),
                        new ChatTeacher(server.endpoint(), options, 4, new FakeTime()),
                        JsonNodeFactory.instance.objectNode().put("teacher", "chat"))
                .run(tried -> tried < most);
    }

    private static String answer(ChatServer.Asked asked) {
        return exchange("What is it?", "It is " + asked.user().toLowerCase());
    }

    private JsonNode samples() throws IOException {
        return new ObjectMapper().readTree(directory.resolve("instruct.json").toFile());
    }

    @Test
    void asksForAsManyAtOnceAsItMay() throws Exception {
        CountDownLatch together = new CountDownLatch(6);
        try (ChatServer server =
                new ChatServer(
                        (number, asked) -> {
                            together.countDown();
                            // All six must be here before any of them gets its answer.
                            assertThat(together.await(20, TimeUnit.SECONDS)).isTrue();
                            return saying(answer(asked));
                        })) {
            InstructReport report = run(server, 6, Long.MAX_VALUE);

            assertThat(report.isWhole()).isTrue();
            assertThat(report.failures()).isZero();
            assertThat(report.usage()).isEqualTo(new Lesson.Usage(SAMPLES, 3000, 600, 0));
        }
        assertThat(samples()).hasSize(SAMPLES);
        for (JsonNode sample : samples()) {
            String number = sample.get("image").textValue().replaceAll("\\D", "");
            assertThat(sample.get("conversations").get(1).get("value").textValue())
                    .isEqualTo("It is picture " + number + ".");
        }
    }

    @Test
    void asksTheRestOnlyWhereItWasStoppedAndKeepsTheCost() throws Exception {
        try (ChatServer server = new ChatServer((number, asked) -> saying(answer(asked)))) {
            InstructReport part = run(server, 2, 8);
            int before = server.asked().size();
            InstructReport whole = run(server, 2, Long.MAX_VALUE);

            assertThat(part.isWhole()).isFalse();
            assertThat(whole.isWhole()).isTrue();
            assertThat(before).isBetween(1, 8);
            assertThat(server.asked()).hasSize(SAMPLES);
            Set<String> each = new HashSet<>();
            server.asked().forEach(one -> each.add(one.body().get("messages").toString()));
            assertThat(each).hasSize(SAMPLES);
            assertThat(whole.usage()).isEqualTo(new Lesson.Usage(SAMPLES, 3000, 600, 0));
        }
    }

    @Test
    void reportsFailuresWithTheirCostAndTriesThemAgainNextTime() throws Exception {
        boolean[] isBetter = {false};
        try (ChatServer server =
                new ChatServer(
                        (number, asked) ->
                                asked.user().startsWith("Picture 4") && !isBetter[0]
                                        ? saying("Sorry.")
                                        : saying(answer(asked)))) {
            InstructReport first = run(server, 3, Long.MAX_VALUE);
            isBetter[0] = true;
            InstructReport second = run(server, 3, Long.MAX_VALUE);

            assertThat(first.failures()).isEqualTo(3);
            assertThat(first.firstFailures())
                    .hasSize(3)
                    .allMatch(each -> each.startsWith("p4 ") && each.contains("is no JSON"));
            assertThat(first.usage().requests()).isEqualTo(SAMPLES - 3 + 9);
            assertThat(second.failures()).isZero();
            assertThat(second.usage().requests()).isEqualTo(SAMPLES + 9);
            assertThat(samples()).hasSize(SAMPLES);
        }
    }

    @Test
    void aTeacherWhoRefusesEndsTheRunAndTheKeyIsNowhereOnDisk() throws Exception {
        try (ChatServer server =
                new ChatServer(
                        (number, asked) ->
                                number <= 5
                                        ? saying(answer(asked))
                                        : failing(401, "No: " + asked.authorization(), Map.of()))) {
            assertThatThrownBy(() -> run(server, 1, Long.MAX_VALUE))
                    .isInstanceOf(TeacherRefusedException.class)
                    .hasMessageNotContaining(ChatServer.KEY);
            assertThat(server.asked()).hasSize(6);
        }
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                assertThat(Files.readString(file)).doesNotContain(ChatServer.KEY);
            }
        }
        List<String> journal = Files.readAllLines(directory.resolve("instruct.journal.jsonl"));
        assertThat(journal).hasSize(6);
        assertThat(journal.get(5)).contains("HTTP 401: No: Bearer (key)");
    }
}
