package io.sightmill.tuning.instruct;

/** Nothing usable came of a picture; it costs the sample and nothing else. */
public final class TeachingFailedException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient Lesson.Usage usage;

    public TeachingFailedException(String message, Lesson.Usage usage, Throwable cause) {
        super(message, cause);
        this.usage = usage;
    }

    /** What was paid all the same. */
    public Lesson.Usage usage() {
        return usage;
    }
}
