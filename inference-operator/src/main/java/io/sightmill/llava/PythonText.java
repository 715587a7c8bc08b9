package io.sightmill.llava;

import com.hubspot.jinjava.objects.collections.PyList;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/** The methods of Python's str that chat templates call. Thread-safe. */
final class PythonText {

    private PythonText() {}

    /** Calls a method by its Python name. */
    static Object call(String text, String method, Object[] given) {
        Object[] arguments = given == null ? new Object[0] : given;
        return switch (method) {
            case "strip" -> strip(text, set(arguments), true, true);
            case "lstrip" -> strip(text, set(arguments), true, false);
            case "rstrip" -> strip(text, set(arguments), false, true);
            case "upper" -> text.toUpperCase(Locale.ROOT);
            case "lower" -> text.toLowerCase(Locale.ROOT);
            case "title", "capitalize" -> capitalized(text, method.equals("title"));
            case "startswith" -> anyOf(arguments, text::startsWith);
            case "endswith" -> anyOf(arguments, text::endsWith);
            case "replace" -> text.replace(text(arguments, 0), text(arguments, 1));
            case "split" -> split(text, arguments);
            case "splitlines" -> new PyList(new ArrayList<>(text.lines().toList()));
            case "join" -> joined(text, arguments);
            case "find" -> (long) text.indexOf(text(arguments, 0));
            case "count" -> (long) pieces(text, text(arguments, 0), -1).size() - 1;
            default -> throw new JinjaInterpreter.Stop("texts have no method '" + method + "'");
        };
    }

    /** As str.strip() without arguments. */
    static String strip(String text) {
        return strip(text, null, true, true);
    }

    /**
     * @param characters null for white space
     */
    private static String strip(String text, String characters, boolean left, boolean right) {
        int from = 0;
        int to = text.length();
        while (left && from < to && isStripped(text.charAt(from), characters)) {
            from++;
        }
        while (right && to > from && isStripped(text.charAt(to - 1), characters)) {
            to--;
        }
        return text.substring(from, to);
    }

    private static boolean isStripped(char character, String characters) {
        return characters == null ? isSpace(character) : characters.indexOf(character) >= 0;
    }

    /** White space as str.isspace() has it: Unicode's, and four separators of ASCII. */
    static boolean isSpace(char character) {
        return Character.isWhitespace(character)
                || Character.isSpaceChar(character)
                || character == '\u0085';
    }

    private static String set(Object[] arguments) {
        return arguments.length == 0 || arguments[0] == null ? null : text(arguments, 0);
    }

    private static boolean anyOf(
            Object[] arguments, java.util.function.Predicate<String> predicate) {
        if (arguments.length > 0 && arguments[0] instanceof Collection<?> several) {
            return several.stream().map(String::valueOf).anyMatch(predicate);
        }
        return predicate.test(text(arguments, 0));
    }

    private static String capitalized(String text, boolean everyWord) {
        StringBuilder result = new StringBuilder();
        boolean isStart = true;
        for (int i = 0; i < text.length(); i++) {
            String character = text.substring(i, i + 1);
            result.append(
                    isStart
                            ? character.toUpperCase(Locale.ROOT)
                            : character.toLowerCase(Locale.ROOT));
            isStart = everyWord && !Character.isLetter(text.charAt(i));
        }
        return result.toString();
    }

    private static PyList split(String text, Object[] arguments) {
        int most = arguments.length > 1 ? ((Number) arguments[1]).intValue() : -1;
        if (set(arguments) != null) {
            return new PyList(new ArrayList<>(pieces(text, text(arguments, 0), most)));
        }
        if (most >= 0) {
            throw new JinjaInterpreter.Stop("split of white space with a limit is not supported");
        }
        List<Object> words = new ArrayList<>();
        int from = 0;
        for (int i = 0; i <= text.length(); i++) {
            if (i == text.length() || isSpace(text.charAt(i))) {
                if (i > from) {
                    words.add(text.substring(from, i));
                }
                from = i + 1;
            }
        }
        return new PyList(words);
    }

    private static List<String> pieces(String text, String separator, int most) {
        if (separator.isEmpty()) {
            throw new JinjaInterpreter.Stop("the separator of a split is empty");
        }
        List<String> pieces = new ArrayList<>();
        int from = 0;
        for (int at = text.indexOf(separator);
                at >= 0 && (most < 0 || pieces.size() < most);
                at = text.indexOf(separator, from)) {
            pieces.add(text.substring(from, at));
            from = at + separator.length();
        }
        pieces.add(text.substring(from));
        return pieces;
    }

    private static String joined(String separator, Object[] arguments) {
        if (arguments.length != 1 || !(arguments[0] instanceof Collection<?> parts)) {
            throw new JinjaInterpreter.Stop("join takes a list");
        }
        return String.join(separator, parts.stream().map(String::valueOf).toList());
    }

    private static String text(Object[] arguments, int index) {
        if (index < arguments.length && arguments[index] instanceof CharSequence text) {
            return text.toString();
        }
        throw new JinjaInterpreter.Stop("a method of a text lacks argument " + (index + 1));
    }
}
