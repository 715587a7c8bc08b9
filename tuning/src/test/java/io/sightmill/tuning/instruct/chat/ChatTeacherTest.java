package io.sightmill.tuning.instruct.chat;

import static io.sightmill.tuning.instruct.chat.ChatServer.exchange;
import static io.sightmill.tuning.instruct.chat.ChatServer.failing;
import static io.sightmill.tuning.instruct.chat.ChatServer.saying;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sightmill.tuning.Dice;
import io.sightmill.tuning.captions.CaptionedImage;
import io.sightmill.tuning.captions.LabelledBox;
import io.sightmill.tuning.instruct.Exchange;
import io.sightmill.tuning.instruct.Lesson;
import io.sightmill.tuning.instruct.SampleKind;
import io.sightmill.tuning.instruct.TeacherRefusedException;
import io.sightmill.tuning.instruct.TeachingFailedException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One sample at a time, against a real HTTP server that does what servers do. */
class ChatTeacherTest {

    private static final String GOOD = exchange("What is it?", "A dog.");
    private static final Map<String, String> NO_HEADERS = Map.of();
    private static final CaptionedImage IMAGE =
            new CaptionedImage(
                    "7",
                    "7.png",
                    List.of("A dog.", "A black dog sits."),
                    List.of(LabelledBox.parse("dog: [0.100, 0.200, 0.300, 0.400]")));

    private final FakeTime time = new FakeTime();

    private Lesson teach(ChatServer server, SampleKind kind) throws Exception {
        return teacher(server, Duration.ofSeconds(20)).teach(IMAGE, kind, new Dice(1));
    }

    private Lesson teach(ChatServer server) throws Exception {
        return teach(server, SampleKind.DETAIL);
    }

    private ChatTeacher teacher(ChatServer server, Duration timeout) {
        ChatOptions options =
                new ChatOptions("a-model", 0.5, 300, 3, timeout, 0, Duration.ofMinutes(10));
        return new ChatTeacher(server.endpoint(), options, 4, time);
    }

    @Test
    void tellsCaptionsForConversationsAndBoxesForTheRest() throws Exception {
        try (ChatServer server = new ChatServer((number, asked) -> saying(GOOD))) {
            for (SampleKind kind : SampleKind.values()) {
                assertThat(teach(server, kind))
                        .isEqualTo(
                                new Lesson(
                                        List.of(new Exchange("What is it?", "A dog.")),
                                        new Lesson.Usage(1, 100, 20, 0)));
            }

            assertThat(server.asked())
                    .extracting(ChatServer.Asked::user)
                    .containsExactly(
                            "A dog.\nA black dog sits.",
                            "A dog.\nA black dog sits.\n\ndog: [0.100, 0.200, 0.300, 0.400]",
                            "A dog.\nA black dog sits.\n\ndog: [0.100, 0.200, 0.300, 0.400]");
            ChatServer.Asked first = server.asked().get(0);
            assertThat(first.path()).isEqualTo("POST /v1/chat/completions");
            assertThat(first.authorization()).isEqualTo("Bearer " + ChatServer.KEY);
            assertThat(first.body().get("model").textValue()).isEqualTo("a-model");
            assertThat(first.body().get("max_tokens").intValue()).isEqualTo(300);
            assertThat(first.body().get("messages").get(0).get("role").textValue())
                    .isEqualTo("system");
            assertThat(first.body().get("messages").get(0).get("content").textValue())
                    .contains("at most 4 questions")
                    .doesNotContain("{most}");
        }
    }

    @Test
    void itsOwnExamplesAreWellFormed() {
        for (SampleKind kind : SampleKind.values()) {
            List<ChatMessage> messages = TeacherPrompt.of(IMAGE, kind, 4);
            assertThat(messages)
                    .extracting(ChatMessage::role)
                    .containsExactly("system", "user", "assistant", "user");
            assertThat(LessonText.parse(messages.get(2).content(), kind, 4)).isNotEmpty();
        }
    }

    @Test
    void takesAReplyInAFence() throws Exception {
        try (ChatServer server =
                new ChatServer((number, asked) -> saying("```json\n" + GOOD + "\n```\n"))) {
            assertThat(teach(server).exchanges()).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 500, 502, 503, 504, 529})
    void triesAgainAfterAFailureOfTheServer(int status) throws Exception {
        try (ChatServer server =
                new ChatServer(
                        (number, asked) ->
                                number < 3 ? failing(status, "oh", NO_HEADERS) : saying(GOOD))) {
            assertThat(teach(server).usage()).isEqualTo(new Lesson.Usage(3, 100, 20, 0));
        }
        assertThat(time.slept()).hasSize(2);
        assertThat(time.slept().get(0)).isBetween(Duration.ofMillis(500), Duration.ofSeconds(1));
        assertThat(time.slept().get(1)).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(2));
    }

    @Test
    void triesAgainAfterAConnectionThatBreaks() throws Exception {
        try (ChatServer server =
                new ChatServer(
                        (number, asked) -> {
                            if (number == 1) {
                                throw new java.io.IOException("the server hangs up");
                            }
                            return saying(GOOD);
                        })) {
            assertThat(teach(server).usage().requests()).isEqualTo(2);
        }
    }

    @Test
    void triesAgainAfterAReplyThatDoesNotCome() throws Exception {
        try (ChatServer server =
                new ChatServer(
                        (number, asked) -> {
                            if (number == 1) {
                                new java.util.concurrent.CountDownLatch(1).await();
                            }
                            return saying(GOOD);
                        })) {
            Lesson lesson =
                    teacher(server, Duration.ofMillis(1500))
                            .teach(IMAGE, SampleKind.DETAIL, new Dice(1));
            assertThat(lesson.usage().requests()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @CsvSource({"7, 7", "0.5, 0", "'Tue, 01 Jan 2030 00:01:30 GMT', 90"})
    void waitsAsLongAsTheServerAsks(String retryAfter, long seconds) throws Exception {
        try (ChatServer server =
                new ChatServer(
                        (number, asked) ->
                                number == 1
                                        ? failing(
                                                429, "slow down", Map.of("Retry-After", retryAfter))
                                        : saying(GOOD))) {
            teach(server);
        }
        assertThat(time.slept()).hasSize(1);
        assertThat(time.slept().get(0).toSeconds()).isEqualTo(seconds);
    }

    @Test
    void beingAskedToSlowDownIsNoFailedAttempt() throws Exception {
        try (ChatServer server =
                new ChatServer(
                        (number, asked) ->
                                number <= 6 ? failing(429, "slow", NO_HEADERS) : saying(GOOD))) {
            assertThat(teach(server).usage().requests()).isEqualTo(7);
        }
    }

    @Test
    void aWaitThatIsTooLongEndsTheRun() {
        try (ChatServer server =
                new ChatServer(
                        (number, asked) ->
                                failing(429, "tomorrow", Map.of("Retry-After", "86400")))) {
            assertThatThrownBy(() -> teach(server))
                    .isInstanceOf(TeacherRefusedException.class)
                    .hasMessageContaining("asks to wait 86400 s in all, more than 600 s")
                    .hasMessageContaining("tomorrow");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "I cannot do that. | is no JSON",
                "[] | is no JSON object",
                "{\"exchanges\": []} | has 0 exchanges and must have 1 to 1",
                "{\"exchanges\": {}} | 'exchanges' is {} and must be a list",
                "{\"exchanges\": [{\"question\": \"Q\"}]} | 'answer' is missing",
                "{\"exchanges\": [{\"question\": \"Q\", \"answer\": \" \"}]} | answer is blank",
                "{\"exchanges\": [{\"question\": \"<image> Q\", \"answer\": \"A\"}]} | has the words <image>",
                "{\"exchanges\": [{\"question\": \"Q\", \"answer\": \"The caption says so.\"}]} | speaks of 'caption'",
                "{\"exchanges\": [{\"question\": \"Q\", \"answer\": \"A\"}, {\"question\": \"Q\", \"answer\": \"A\"}]} | has 2 exchanges",
                "{\"exchanges\": [{\"question\": \"Q\", \"answer\": \"A\"}]} and more | is no JSON",
                "sk-test-0123456789abcdef | repeats the key",
            })
    void rejectsMalformedRepliesAndPaysForThemOnce(String words, String problem) {
        try (ChatServer server = new ChatServer((number, asked) -> saying(words))) {
            TeachingFailedException failure =
                    catchThrowableOfType(TeachingFailedException.class, () -> teach(server));

            assertThat(failure).hasMessageContaining(problem).hasMessageContaining("3 attempts");
            assertThat(failure.usage()).isEqualTo(new Lesson.Usage(3, 300, 60, 0));
        }
    }

    @Test
    void rejectsWhatIsNoReplyAtAll() {
        List<ChatServer.Answered> answers =
                List.of(
                        new ChatServer.Answered(200, NO_HEADERS, "<html>Sign in</html>"),
                        new ChatServer.Answered(200, NO_HEADERS, "{\"choices\": []}"),
                        ChatServer.ending(GOOD, "length"));
        try (ChatServer server = new ChatServer((number, asked) -> answers.get(number - 1))) {
            TeachingFailedException failure =
                    catchThrowableOfType(TeachingFailedException.class, () -> teach(server));

            assertThat(failure).hasMessageContaining("was cut off, finish_reason 'length'");
            assertThat(failure.usage()).isEqualTo(new Lesson.Usage(3, 100, 20, 2));
        }
    }

    @Test
    void rejectsAReplyThatNeverEnds() {
        String endless = "x".repeat(2 << 20);
        try (ChatServer server =
                new ChatServer(
                        (number, asked) -> new ChatServer.Answered(200, NO_HEADERS, endless))) {
            assertThatThrownBy(() -> teach(server))
                    .isInstanceOf(TeachingFailedException.class)
                    .hasMessageContaining("larger than 1048576 bytes");
        }
    }

    @Test
    void aRequestThatIsTurnedAwayCostsItselfOnly() {
        try (ChatServer server =
                new ChatServer((number, asked) -> failing(400, "too long", NO_HEADERS))) {
            assertThatThrownBy(() -> teach(server))
                    .isInstanceOf(TeachingFailedException.class)
                    .hasMessage("HTTP 400: too long");
            assertThat(server.asked()).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 401, 402, 403, 404})
    void aServerThatTurnsAllAwayEndsTheRunAndTheKeyIsNotShown(int status) {
        try (ChatServer server =
                new ChatServer(
                        (number, asked) ->
                                failing(
                                        status,
                                        "Incorrect key: " + asked.authorization(),
                                        Map.of("Location", "http://127.0.0.1:1/")))) {
            TeacherRefusedException refusal =
                    catchThrowableOfType(TeacherRefusedException.class, () -> teach(server));

            assertThat(refusal)
                    .hasMessageContaining("HTTP " + status + ": Incorrect key: Bearer (key)");
            assertThat(refusal.usage().requests()).isEqualTo(1);
            assertThat(server.asked()).hasSize(1);
        }
    }

    @Test
    void anEmptyPurseEndsTheRun() {
        try (ChatServer server =
                new ChatServer(
                        (number, asked) ->
                                new ChatServer.Answered(
                                        429,
                                        NO_HEADERS,
                                        "{\"error\": {\"message\": \"You exceeded your quota\", \"code\": \"insufficient_quota\"}}"))) {
            assertThatThrownBy(() -> teach(server))
                    .isInstanceOf(TeacherRefusedException.class)
                    .hasMessageContaining("You exceeded your quota");
        }
    }

    @Test
    void whereNothingComesOfManyInARowTheRunEnds() throws Exception {
        try (ChatServer server =
                new ChatServer((number, asked) -> failing(400, "no such parameter", NO_HEADERS))) {
            ChatTeacher teacher = teacher(server, Duration.ofSeconds(20));
            for (int sample = 1; sample < ChatTeacher.MOST_FAILURES_IN_A_ROW; sample++) {
                assertThatThrownBy(() -> teacher.teach(IMAGE, SampleKind.DETAIL, new Dice(1)))
                        .isInstanceOf(TeachingFailedException.class);
            }
            assertThatThrownBy(() -> teacher.teach(IMAGE, SampleKind.DETAIL, new Dice(1)))
                    .isInstanceOf(TeacherRefusedException.class)
                    .hasMessageContaining("nothing came of 20 samples in a row")
                    .hasMessageContaining("no such parameter");
        }
    }

    @Test
    void keepsToItsRequestsAMinute() throws Exception {
        try (ChatServer server = new ChatServer((number, asked) -> saying(GOOD))) {
            ChatOptions options =
                    new ChatOptions(
                            "m", 0, 0, 1, Duration.ofSeconds(20), 30, Duration.ofMinutes(1));
            ChatTeacher teacher = new ChatTeacher(server.endpoint(), options, 4, time);
            for (int sample = 0; sample < 5; sample++) {
                teacher.teach(IMAGE, SampleKind.DETAIL, new Dice(1));
            }
            assertThat(server.asked().get(0).body().has("max_tokens")).isFalse();
        }
        assertThat(time.slept()).containsOnly(Duration.ofSeconds(2)).hasSize(4);
    }

    @ParameterizedTest
    @CsvSource({
        "'', OPENAI_BASE_URL is not set",
        "ftp://a/v1, OPENAI_BASE_URL is no address",
        "127.0.0.1:8000, OPENAI_BASE_URL is no address",
        "http://user:secret@host/v1, OPENAI_BASE_URL is no address",
        "http://host/v1?key=secret, OPENAI_BASE_URL is no address",
        "http://ho st/v1, OPENAI_BASE_URL is no address",
    })
    void refusesAnAddressThatIsNone(String address, String problem) {
        assertThatThrownBy(() -> ChatEndpoint.of(Map.of(ChatEndpoint.ADDRESS, address)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(problem)
                .hasMessageNotContaining("secret");
    }

    @Test
    void neverShowsTheKey() {
        Map<String, String> environment =
                Map.of(ChatEndpoint.ADDRESS, "https://host/v1", ChatEndpoint.KEY, "a-secret");

        assertThat(ChatEndpoint.of(environment).toString())
                .isEqualTo("https://host/v1/chat/completions with a key");
        assertThatThrownBy(
                        () ->
                                ChatEndpoint.of(
                                        Map.of(
                                                ChatEndpoint.ADDRESS,
                                                "https://host/v1",
                                                ChatEndpoint.KEY,
                                                "a-secret\nX: y")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("secret");
    }
}
