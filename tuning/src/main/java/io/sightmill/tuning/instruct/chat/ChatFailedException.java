package io.sightmill.tuning.instruct.chat;

import io.sightmill.tuning.instruct.Lesson;
import java.time.Duration;
import java.util.Optional;

/** One request that came to nothing. */
final class ChatFailedException extends Exception {

    private static final long serialVersionUID = 1L;

    /** What can be done about it. */
    enum Remedy {
        /** The server may do better in a while. */
        LATER,
        /** The server wants fewer requests, from all threads. */
        SLOWER,
        /** The server said something that is no reply; another may be one. */
        AGAIN,
        /** Not with this request. */
        NONE
    }

    private final Remedy remedy;
    private final transient Optional<Duration> wait;
    private final transient Lesson.Usage usage;

    ChatFailedException(
            String message, Remedy remedy, Optional<Duration> wait, Lesson.Usage usage) {
        super(message);
        this.remedy = remedy;
        this.wait = wait;
        this.usage = usage;
    }

    static ChatFailedException of(String message, Remedy remedy) {
        return new ChatFailedException(message, remedy, Optional.empty(), Lesson.Usage.REQUEST);
    }

    Remedy remedy() {
        return remedy;
    }

    /** How long the server asked to wait, if it did. */
    Optional<Duration> askedWait() {
        return wait;
    }

    /** What was paid all the same. */
    Lesson.Usage usage() {
        return usage;
    }
}
