package io.sightmill.tuning.captions;

import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One line of what a teacher is told: {@code category: [left, top, right, bottom]}. */
public record LabelledBox(String category, Box box) {

    private static final Pattern LINE =
            Pattern.compile(
                    "([^:]+): \\[([0-9.]{1,8}), ([0-9.]{1,8}), ([0-9.]{1,8}), ([0-9.]{1,8})\\]");

    public LabelledBox {
        Objects.requireNonNull(box, "box");
        if (category.isBlank() || category.contains(":")) {
            throw new IllegalArgumentException(
                    "a category is '%s' and must have words and no colon".formatted(category));
        }
    }

    /**
     * Reads a line.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static LabelledBox parse(String line) {
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "a box is '%s' and must be 'category: [left, top, right, bottom]'"
                            .formatted(line));
        }
        return new LabelledBox(
                matcher.group(1),
                new Box(
                        number(matcher.group(2)),
                        number(matcher.group(3)),
                        number(matcher.group(4)),
                        number(matcher.group(5))));
    }

    private static double number(String digits) {
        try {
            return Double.parseDouble(digits);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'%s' is not a number".formatted(digits), e);
        }
    }

    @Override
    public String toString() {
        return category + ": " + box;
    }
}
