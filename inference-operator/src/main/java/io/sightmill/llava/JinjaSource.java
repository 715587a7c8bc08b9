package io.sightmill.llava;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes the text of a chat template ready for the library that renders it: white space as Hugging
 * Face's settings ({@code trim_blocks}, {@code lstrip_blocks}) treat it, comments and {@code
 * generation} marks taken out, size and nesting bounded. For one text, on one thread.
 *
 * <p>Why here: the library treats white space around blocks otherwise, knows no {@code generation},
 * and its parser takes time exponential in the depth of brackets.
 */
final class JinjaSource {

    static final int MOST_CHARACTERS = 64 * 1024;
    private static final int LONGEST_CODE = 4 * 1024;
    private static final int DEEPEST_BRACKETS = 24;
    private static final int DEEPEST_BLOCKS = 24;

    private static final Pattern FIRST_WORD = Pattern.compile("\\s*(\\w+)");
    private static final Set<String> OPENING = Set.of("if", "for", "macro");
    private static final Set<String> UNMARKED = Set.of("generation", "endgeneration");
    private static final Set<String> INSIDE =
            Set.of("else", "elif", "set", "do", "break", "continue");

    private final String text;
    private final StringBuilder out = new StringBuilder();
    private final Deque<String> open = new ArrayDeque<>();
    private int at;
    private boolean isTrimming;
    private boolean isAfterBlock;

    private JinjaSource(String text) {
        this.text = text;
    }

    /**
     * @throws JinjaException if the text is too long, nested too deeply, or its brackets and blocks
     *     do not match
     */
    static String prepare(String text) {
        if (text.length() > MOST_CHARACTERS) {
            throw new JinjaException(
                    "it has %d characters and may have %d"
                            .formatted(text.length(), MOST_CHARACTERS));
        }
        // Reading text mode drops the carriage returns and the line feed that ends the file.
        String lines = text.replace("\r\n", "\n").replace('\r', '\n');
        return new JinjaSource(
                        lines.endsWith("\n") ? lines.substring(0, lines.length() - 1) : lines)
                .prepare();
    }

    private String prepare() {
        while (at < text.length()) {
            int next = nextMark();
            plain(text.substring(at, next), next);
            if (next < text.length()) {
                at = next;
                mark();
            } else {
                at = next;
            }
        }
        if (!open.isEmpty()) {
            throw new JinjaException("a block {% " + open.peek() + " %} is never closed");
        }
        return out.toString();
    }

    private int nextMark() {
        for (int i = at; i + 1 < text.length(); i++) {
            if (text.charAt(i) == '{' && "{%#".indexOf(text.charAt(i + 1)) >= 0) {
                return i;
            }
        }
        return text.length();
    }

    /** Text before the mark at next, without the white space that the marks around it take. */
    private void plain(String raw, int next) {
        String kept = raw;
        if (isTrimming) {
            kept = kept.stripLeading();
        } else if (isAfterBlock && kept.startsWith("\n")) {
            kept = kept.substring(1);
        }
        if (next < text.length()) {
            char sign = next + 2 < text.length() ? text.charAt(next + 2) : ' ';
            if (sign == '-') {
                kept = kept.stripTrailing();
            } else if (text.charAt(next + 1) != '{' && sign != '+') {
                kept = withoutIndent(kept, next);
            }
        }
        out.append(kept);
    }

    /** Without the blanks between the start of a line and the block at next. */
    private String withoutIndent(String kept, int next) {
        int line = next;
        while (line > 0 && isBlank(text.charAt(line - 1))) {
            line--;
        }
        if (line > 0 && text.charAt(line - 1) != '\n') {
            return kept;
        }
        int end = kept.length();
        while (end > 0 && isBlank(kept.charAt(end - 1))) {
            end--;
        }
        return kept.substring(0, end);
    }

    private static boolean isBlank(char character) {
        return character == ' ' || character == '\t';
    }

    private void mark() {
        char kind = text.charAt(at + 1);
        int end = kind == '#' ? text.indexOf("#}", at + 2) : endOfCode(kind == '{' ? "}}" : "%}");
        if (end < 0) {
            throw new JinjaException(
                    "'%s' at character %d is never closed"
                            .formatted(text.substring(at, at + 2), at));
        }
        String inside = text.substring(at + 2, end);
        isTrimming = inside.endsWith("-");
        isAfterBlock = kind != '{' && !inside.endsWith("+");
        at = end + 2;
        if (kind != '#') {
            code(kind, withoutSigns(inside));
        }
    }

    private static String withoutSigns(String inside) {
        String code = inside;
        if (code.startsWith("-") || code.startsWith("+")) {
            code = code.substring(1);
        }
        return code.endsWith("-") || code.endsWith("+")
                ? code.substring(0, code.length() - 1)
                : code;
    }

    private void code(char kind, String code) {
        if (code.length() > LONGEST_CODE) {
            throw new JinjaException(
                    "a piece of code has %d characters and may have %d"
                            .formatted(code.length(), LONGEST_CODE));
        }
        if (kind == '{') {
            out.append("{{ ").append(JinjaCode.translated(code.strip())).append(" }}");
            return;
        }
        Matcher word = FIRST_WORD.matcher(code);
        String name = word.lookingAt() ? word.group(1) : "";
        if (UNMARKED.contains(name)) {
            return;
        }
        block(name, code);
        out.append("{% ").append(JinjaCode.translated(code.strip())).append(" %}");
    }

    private void block(String name, String code) {
        boolean isOpening = OPENING.contains(name) || name.equals("set") && !code.contains("=");
        if (isOpening) {
            open.push(name);
            if (open.size() > DEEPEST_BLOCKS) {
                throw new JinjaException("its blocks are nested deeper than " + DEEPEST_BLOCKS);
            }
        } else if (name.startsWith("end")) {
            if (open.isEmpty() || !open.pop().equals(name.substring(3))) {
                throw new JinjaException("{% " + name + " %} closes no block");
            }
        } else if (!INSIDE.contains(name)) {
            throw new JinjaException("blocks {% " + name + " %} are not supported");
        } else if (name.equals("else") && "for".equals(open.peek())) {
            throw new JinjaException("{% else %} of a {% for %} is not supported");
        }
    }

    /** Where the code that begins here ends: not inside a text and not inside brackets. */
    private int endOfCode(String closing) {
        int depth = 0;
        for (int i = at + 2; i < text.length(); i++) {
            char character = text.charAt(i);
            if (depth == 0 && text.startsWith(closing, i)) {
                return i;
            }
            if (character == '\'' || character == '"') {
                i = endOfText(i);
                if (i < 0) {
                    return -1;
                }
            } else if ("([{".indexOf(character) >= 0) {
                if (++depth > DEEPEST_BRACKETS) {
                    throw new JinjaException(
                            "its brackets are nested deeper than " + DEEPEST_BRACKETS);
                }
            } else if (")]}".indexOf(character) >= 0) {
                depth--;
            }
        }
        return -1;
    }

    private int endOfText(int from) {
        for (int i = from + 1; i < text.length(); i++) {
            if (text.charAt(i) == '\\') {
                i++;
            } else if (text.charAt(i) == text.charAt(from)) {
                return i;
            }
        }
        return -1;
    }
}
