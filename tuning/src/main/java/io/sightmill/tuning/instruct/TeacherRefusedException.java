package io.sightmill.tuning.instruct;

/** A teacher that turns every picture away: a wrong key, address or model. Ends the run. */
public final class TeacherRefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Lesson.Usage usage;

    public TeacherRefusedException(String message, Lesson.Usage usage) {
        super(message);
        this.usage = usage;
    }

    /** What was paid all the same. */
    public Lesson.Usage usage() {
        return usage;
    }
}
