package io.sightmill.engine;

import java.io.Serializable;
import java.util.Objects;

/**
 * Where a model runs.
 *
 * @param index ordinal among the devices this process sees; 0 for the CPU
 */
public record Device(Kind kind, int index) implements Serializable {

    private static final long serialVersionUID = 1L;

    /** The kinds of device. */
    public enum Kind {
        CPU,
        GPU
    }

    public Device {
        Objects.requireNonNull(kind, "kind");
        if (index < 0) {
            throw new IllegalArgumentException("index is " + index + " and must be 0 or more");
        }
    }

    public static Device cpu() {
        return new Device(Kind.CPU, 0);
    }
}
