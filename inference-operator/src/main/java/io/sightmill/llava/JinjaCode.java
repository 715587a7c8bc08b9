package io.sightmill.llava;

import java.util.Locale;
import java.util.Set;

/**
 * The code between the marks of a chat template, made to mean in the library what it means in
 * Jinja. A {@code not} gets brackets around what it reaches over: there a whole comparison or test,
 * here the next value alone. A filter or test that is not known is refused, which here would be
 * empty. For one piece of code.
 */
final class JinjaCode {

    private static final int DEEPEST = 24;
    private static final Set<String> ENDS = Set.of("and", "or", "if", "else");

    private static final Set<String> TESTS =
            Set.of(
                    "string",
                    "mapping",
                    "iterable",
                    "sequence",
                    "number",
                    "integer",
                    "float",
                    "boolean",
                    "true",
                    "false",
                    "none",
                    "defined",
                    "undefined",
                    "even",
                    "odd",
                    "divisibleby",
                    "equalto",
                    "eq",
                    "ne",
                    "sameas",
                    "in",
                    "lower",
                    "upper");

    private final String code;
    private final StringBuilder out = new StringBuilder();
    private int depth;

    private JinjaCode(String code) {
        this.code = code;
    }

    /**
     * @throws JinjaException naming a filter or test that is not known
     */
    static String translated(String code) {
        return new JinjaCode(code).translated();
    }

    private String translated() {
        copy(0, code.length());
        return out.toString();
    }

    private void copy(int begin, int end) {
        int at = begin;
        String before = "";
        while (at < end) {
            int next = endOfPiece(at);
            String piece = code.substring(at, next);
            requireKnown(before, piece);
            if (piece.equals("not") && !before.equals("is") && !isMembership(next)) {
                int last = reach(next, end);
                if (++depth > DEEPEST) {
                    throw new JinjaException("a \"not\" is nested deeper than " + DEEPEST);
                }
                out.append("not (");
                copy(next, last);
                depth--;
                out.append(") ");
                at = last;
            } else {
                out.append(piece);
                at = next;
            }
            boolean isPassed = piece.isBlank() || before.equals("is") && piece.equals("not");
            before = isPassed ? before : piece;
        }
    }

    private static void requireKnown(String before, String piece) {
        if (!isWord(piece.charAt(0)) || piece.equals("not")) {
            return;
        }
        if (before.equals("|") && !JinjaLibrary.FILTERS.contains(piece)) {
            throw new JinjaException("the filter '" + piece + "' is not supported");
        }
        if (before.equals("is") && !TESTS.contains(piece.toLowerCase(Locale.ROOT))) {
            throw new JinjaException("the test '" + piece + "' is not supported");
        }
    }

    /** Whether a "not" that ends here is part of "not in". */
    private boolean isMembership(int from) {
        String rest = code.substring(from).stripLeading();
        return rest.startsWith("in") && (rest.length() == 2 || !isWord(rest.charAt(2)));
    }

    private int reach(int from, int end) {
        int depth = 0;
        int at = from;
        while (at < end) {
            int next = endOfPiece(at);
            String piece = code.substring(at, next);
            if (")]},:".contains(piece) && depth == 0 || depth == 0 && ENDS.contains(piece)) {
                return at;
            }
            if ("([{".contains(piece)) {
                depth++;
            } else if (")]}".contains(piece)) {
                depth--;
            }
            at = next;
        }
        return end;
    }

    /** A word, a text in quotation marks, or a single character. */
    private int endOfPiece(int from) {
        char first = code.charAt(from);
        int at = from + 1;
        if (first == '\'' || first == '"') {
            while (at < code.length() && code.charAt(at) != first) {
                at += code.charAt(at) == '\\' ? 2 : 1;
            }
            return Math.min(at + 1, code.length());
        }
        while (isWord(first) && at < code.length() && isWord(code.charAt(at))) {
            at++;
        }
        return at;
    }

    private static boolean isWord(char character) {
        return Character.isLetterOrDigit(character) || character == '_';
    }
}
