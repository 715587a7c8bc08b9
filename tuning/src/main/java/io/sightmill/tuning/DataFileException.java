package io.sightmill.tuning;

import java.nio.file.Path;

/**
 * A file that data comes from, or goes to, is not what it should be; the message names the file,
 * the place in it and what to do, for the person who gave it.
 */
public final class DataFileException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public DataFileException(Path file, String problem, Throwable cause) {
        super(file + ": " + problem, cause);
    }

    public DataFileException(Path file, String problem) {
        this(file, problem, null);
    }

    /** Of one entry of a file. */
    public static DataFileException at(Path file, String place, String problem, Throwable cause) {
        return new DataFileException(file, place + ": " + problem, cause);
    }
}
