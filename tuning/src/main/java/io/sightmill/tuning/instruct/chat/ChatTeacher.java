package io.sightmill.tuning.instruct.chat;

import io.sightmill.tuning.Dice;
import io.sightmill.tuning.captions.CaptionedImage;
import io.sightmill.tuning.instruct.Exchange;
import io.sightmill.tuning.instruct.Lesson;
import io.sightmill.tuning.instruct.SampleKind;
import io.sightmill.tuning.instruct.Teacher;
import io.sightmill.tuning.instruct.TeacherRefusedException;
import io.sightmill.tuning.instruct.TeachingFailedException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A chat model behind an HTTP address as teacher. Failures of the server and malformed replies are
 * tried again, within bounds; if nothing comes of many samples in a row, none is asked for any
 * more. Thread-safe.
 */
public final class ChatTeacher implements Teacher {

    /** Samples in a row that came to nothing; then the server or the model is at fault. */
    static final int MOST_FAILURES_IN_A_ROW = 20;

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    private final ChatClient client;
    private final ChatOptions options;
    private final int mostExchanges;
    private final ChatTime time;
    private final RequestPace pace;
    private final AtomicInteger failuresInARow = new AtomicInteger();

    /**
     * @param mostExchanges most questions of a conversation, at least 1
     */
    public ChatTeacher(ChatEndpoint endpoint, ChatOptions options, int mostExchanges) {
        this(endpoint, options, mostExchanges, ChatTime.ofTheMachine());
    }

    ChatTeacher(ChatEndpoint endpoint, ChatOptions options, int mostExchanges, ChatTime time) {
        if (mostExchanges < 1) {
            throw new IllegalArgumentException(
                    "mostExchanges is " + mostExchanges + " and must be at least 1");
        }
        this.client = new ChatClient(endpoint, options, time);
        this.options = options;
        this.mostExchanges = mostExchanges;
        this.time = time;
        this.pace = new RequestPace(options.requestsPerMinute(), time);
    }

    @Override
    public Lesson teach(CaptionedImage image, SampleKind kind, Dice dice)
            throws TeachingFailedException, InterruptedException {
        Effort effort = new Effort(TeacherPrompt.of(image, kind, mostExchanges), kind);
        Lesson lesson = effort.lesson();
        failuresInARow.set(0);
        return lesson;
    }

    /** All requests for one sample. Used by one thread. */
    private final class Effort {

        private final List<ChatMessage> messages;
        private final SampleKind kind;
        private Lesson.Usage paid = Lesson.Usage.NONE;
        private Duration waited = Duration.ZERO;
        private Duration pause = FIRST_PAUSE;
        private int attempts;

        private Effort(List<ChatMessage> messages, SampleKind kind) {
            this.messages = messages;
            this.kind = kind;
        }

        private Lesson lesson() throws TeachingFailedException, InterruptedException {
            while (true) {
                pace.await();
                try {
                    ChatReply reply = client.ask(messages);
                    paid = paid.plus(reply.usage());
                    return new Lesson(exchanges(reply), paid);
                } catch (ChatFailedException failure) {
                    paid = paid.plus(failure.usage());
                    recover(failure);
                } catch (TeacherRefusedException refusal) {
                    throw new TeacherRefusedException(
                            refusal.getMessage(), paid.plus(refusal.usage()));
                }
            }
        }

        private List<Exchange> exchanges(ChatReply reply) throws ChatFailedException {
            if (!reply.isWhole()) {
                throw malformed("was cut off, finish_reason '%s'".formatted(reply.ending()));
            }
            try {
                return LessonText.parse(reply.text(), kind, mostExchanges);
            } catch (IllegalArgumentException e) {
                throw malformed(e.getMessage());
            }
        }

        /** It has been paid for already. */
        private ChatFailedException malformed(String problem) {
            return new ChatFailedException(
                    "the reply " + problem,
                    ChatFailedException.Remedy.AGAIN,
                    Optional.empty(),
                    Lesson.Usage.NONE);
        }

        /** Returns when another request may be made. */
        private void recover(ChatFailedException failure)
                throws TeachingFailedException, InterruptedException {
            switch (failure.remedy()) {
                case NONE -> throw givenUp(failure);
                case AGAIN -> countAttempt(failure);
                case LATER -> {
                    countAttempt(failure);
                    Duration asked = failure.askedWait().orElse(Duration.ZERO);
                    Duration next = nextPause();
                    time.sleep(asked.compareTo(next) > 0 ? within(asked, failure) : next);
                }
                // Being asked to slow down is no failed attempt; the wait bounds it.
                case SLOWER ->
                        pace.holdBack(
                                within(failure.askedWait().orElseGet(this::nextPause), failure));
            }
        }

        private void countAttempt(ChatFailedException failure) throws TeachingFailedException {
            attempts++;
            if (attempts >= options.attempts()) {
                throw givenUp(failure);
            }
        }

        /** Doubles each time; by chance up to half of it less, so that threads part. */
        private Duration nextPause() {
            Duration full = pause;
            Duration doubled = pause.multipliedBy(2);
            pause = doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
            return full.minusMillis(ThreadLocalRandom.current().nextLong(full.toMillis() / 2));
        }

        private Duration within(Duration wait, ChatFailedException failure) {
            waited = waited.plus(wait);
            if (waited.compareTo(options.longestWait()) > 0) {
                throw new TeacherRefusedException(
                        "the teacher asks to wait %s in all, more than %s: %s. The same command goes on later"
                                .formatted(
                                        text(waited),
                                        text(options.longestWait()),
                                        failure.getMessage()),
                        paid);
            }
            return wait;
        }

        private TeachingFailedException givenUp(ChatFailedException failure) {
            String problem =
                    attempts > 1
                            ? "%s (after %d attempts)".formatted(failure.getMessage(), attempts)
                            : failure.getMessage();
            if (failuresInARow.incrementAndGet() >= MOST_FAILURES_IN_A_ROW) {
                throw new TeacherRefusedException(
                        "nothing came of %d samples in a row, the last: %s"
                                .formatted(MOST_FAILURES_IN_A_ROW, problem),
                        paid);
            }
            return new TeachingFailedException(problem, paid, failure);
        }
    }

    /** In seconds, without the letters of ISO 8601. */
    private static String text(Duration duration) {
        return duration.toSeconds() + " s";
    }
}
