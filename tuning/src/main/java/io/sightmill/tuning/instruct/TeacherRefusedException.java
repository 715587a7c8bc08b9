package io.sightmill.tuning.instruct;

/** A teacher that turns every picture away: a wrong key, address or model. Ends the run. */
public final class TeacherRefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public TeacherRefusedException(String message) {
        super(message);
    }
}
