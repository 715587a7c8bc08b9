package io.sightmill.tuning.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import io.sightmill.tuning.DataFileException;
import io.sightmill.tuning.JsonLines;
import io.sightmill.tuning.evaluate.EvaluationFailedException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * What is wrong in the files of a benchmark. Each of it is reported; then there is no result, or
 * one without it. Used by one thread.
 */
public final class BadEntries {

    /** Entries that a refusal names; all are reported to the listener. */
    private static final int NAMED = 3;

    private final boolean areLeftOut;
    private final Consumer<String> listener;
    private final List<String> first = new ArrayList<>();
    private long count;

    /**
     * @param areLeftOut whether there is a result without them
     * @param listener hears of each, with file and place
     */
    public BadEntries(boolean areLeftOut, Consumer<String> listener) {
        this.areLeftOut = areLeftOut;
        this.listener = listener;
    }

    void add(String problem) {
        count++;
        if (first.size() < NAMED) {
            first.add(problem);
        }
        listener.accept(problem);
    }

    /** How many there are. */
    public long count() {
        return count;
    }

    /**
     * Goes on if there are none, or they are left out.
     *
     * @throws EvaluationFailedException naming the first of them
     */
    public void settle() {
        if (count > 0 && !areLeftOut) {
            throw new EvaluationFailedException(
                    "%d bad entry or entries: %s%s. Repair them, or leave them out with --skip-bad"
                            .formatted(
                                    count, String.join("; ", first), count > NAMED ? "; ..." : ""));
        }
    }

    /** The objects of a file that has one a line; the parser is told file and line. */
    <T> List<T> readLines(Path file, BiFunction<JsonNode, String, T> parse) {
        List<T> entries = new ArrayList<>();
        try (JsonLines<JsonNode> lines = new JsonLines<>(file, object -> object)) {
            for (boolean goesOn = true; goesOn; ) {
                try {
                    JsonNode object = lines.next();
                    goesOn = object != null;
                    if (goesOn) {
                        String place = file + ": line " + lines.line();
                        accept(place, object, each -> parse.apply(each, place), entries);
                    }
                } catch (DataFileException broken) {
                    add(broken.getMessage());
                }
            }
        }
        return entries;
    }

    /** Adds what an object is read to, or what is wrong with it. */
    <T> void accept(String place, JsonNode object, Function<JsonNode, T> parse, List<T> entries) {
        try {
            entries.add(parse.apply(object));
        } catch (IllegalArgumentException e) {
            add(place + ": " + e.getMessage());
        }
    }
}
