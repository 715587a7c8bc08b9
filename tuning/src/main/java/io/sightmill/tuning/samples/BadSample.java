package io.sightmill.tuning.samples;

import java.nio.file.Path;

/**
 * A sample that is left out, for the person whose data it is.
 *
 * @param index its place in the file, from 0
 * @param problem what is wrong
 */
public record BadSample(Path file, long index, String problem) {

    @Override
    public String toString() {
        return "%s: sample %d: %s".formatted(file, index, problem);
    }
}
