package io.sightmill.tuning.captions;

import java.util.Objects;
import java.util.regex.Pattern;

/**
 * A digit or a short word in a picture.
 *
 * @param text one digit, or a word of capitals
 */
public record WrittenText(Colour colour, String text, Box box) implements Thing {

    private static final Pattern LEGIBLE = Pattern.compile("[0-9]|[A-Z]{2,8}");

    public WrittenText {
        Objects.requireNonNull(colour, "colour");
        Objects.requireNonNull(box, "box");
        if (!LEGIBLE.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "a text is '%s' and must be one digit or a word of two to eight capitals"
                            .formatted(text));
        }
    }

    public boolean isDigit() {
        return Character.isDigit(text.charAt(0));
    }

    /** Which of the two it is. */
    public String noun() {
        return isDigit() ? "digit" : "word";
    }

    @Override
    public String category() {
        return colour.word() + " " + noun() + " " + text;
    }
}
