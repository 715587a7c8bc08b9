package io.sightmill.tuning.captions;

import java.util.List;

/** The little grammar that captions, questions and answers need. */
public final class English {

    private static final List<String> NUMBERS =
            List.of(
                    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
                    "ten");

    private English() {}

    /** A number up to ten in words. */
    public static String number(int value) {
        return NUMBERS.get(value);
    }

    /** The words with "a" or "an" before them. */
    public static String indefinite(String words) {
        return ("aeiou".indexOf(words.charAt(0)) >= 0 ? "an " : "a ") + words;
    }

    /** One thing with its article, or the number of several. */
    public static String counted(int count, String one, String several) {
        return count == 1 ? indefinite(one) : number(count) + " " + several;
    }

    /** The parts with commas, and "and" before the last. */
    public static String list(List<String> parts) {
        int last = parts.size() - 1;
        return last == 0
                ? parts.get(0)
                : String.join(", ", parts.subList(0, last)) + " and " + parts.get(last);
    }

    /** With a capital and a full stop. */
    public static String sentence(String words) {
        return capital(words) + ".";
    }

    /** With a capital. */
    public static String capital(String words) {
        return Character.toUpperCase(words.charAt(0)) + words.substring(1);
    }
}
