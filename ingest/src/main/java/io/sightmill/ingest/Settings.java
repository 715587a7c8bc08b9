package io.sightmill.ingest;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Reads typed values out of textual configuration and remembers which keys were asked for, so that
 * a mistyped key is an error and not a default.
 */
final class Settings {

    private final Map<String, String> values;
    private final Set<String> known = new TreeSet<>();

    Settings(Map<String, String> values) {
        this.values = Map.copyOf(values);
    }

    String text(String key, String otherwise) {
        return read(key, otherwise, "text", Function.identity());
    }

    int integer(String key, int otherwise) {
        return read(key, otherwise, "a whole number", Integer::valueOf);
    }

    /** A duration in ISO 8601, for example PT24H or P30D. */
    Duration duration(String key, Duration otherwise) {
        return read(key, otherwise, "a duration such as PT24H", Duration::parse);
    }

    /** The entries whose key begins with the prefix, without it. */
    Map<String, String> below(String prefix) {
        Map<String, String> below = new HashMap<>();
        values.forEach(
                (key, value) -> {
                    if (key.startsWith(prefix)) {
                        known.add(key);
                        below.put(key.substring(prefix.length()), value);
                    }
                });
        return below;
    }

    /**
     * To be called when everything was read.
     *
     * @throws IllegalArgumentException if there are keys that nothing asked for
     */
    void refuseUnknownKeys() {
        Set<String> unknown = new TreeSet<>(values.keySet());
        unknown.removeAll(known);
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException(
                    "unknown key " + unknown.iterator().next() + "; known are " + known);
        }
    }

    private <T> T read(String key, T otherwise, String kind, Function<String, T> parse) {
        known.add(key);
        String value = values.get(key);
        if (value == null) {
            return otherwise;
        }
        try {
            return parse.apply(value.trim());
        } catch (NumberFormatException | DateTimeParseException exception) {
            throw new IllegalArgumentException(
                    key + " is '" + value + "' and must be " + kind, exception);
        }
    }

    /** Throws an IllegalArgumentException that names the key and the value unless it holds. */
    static void require(boolean holds, String key, Object value, String bound) {
        if (!holds) {
            throw new IllegalArgumentException(key + " is '" + value + "' and must be " + bound);
        }
    }
}
