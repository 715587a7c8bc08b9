package io.sightmill.tuning.samples;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file in LLaVA's training JSON, or the beginning of one.
 *
 * @param most entries that are taken of it, at least 1
 */
public record InstructionSource(Path path, long most) {

    private static final Pattern BEGINNING = Pattern.compile("(.+):(\\d{1,18})");

    public InstructionSource {
        Objects.requireNonNull(path, "path");
        if (most < 1) {
            throw new IllegalArgumentException(
                    "%s: the number of entries is %d and must be at least 1".formatted(path, most));
        }
    }

    public static InstructionSource whole(Path path) {
        return new InstructionSource(path, Long.MAX_VALUE);
    }

    /** FILE, or FILE:N for its first N entries. A file that is called so itself is taken whole. */
    public static InstructionSource parse(String text) {
        Matcher beginning = BEGINNING.matcher(text);
        return beginning.matches() && !Files.exists(Path.of(text))
                ? new InstructionSource(
                        Path.of(beginning.group(1)), Long.parseLong(beginning.group(2)))
                : whole(Path.of(text));
    }
}
