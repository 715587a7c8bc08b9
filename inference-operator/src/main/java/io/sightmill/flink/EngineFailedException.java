package io.sightmill.flink;

/** The engine of a task is gone; the task fails with it and Flink restarts from the checkpoint. */
public final class EngineFailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    EngineFailedException(Throwable cause) {
        super("the engine failed and every request in flight with it: " + cause, cause);
    }
}
