package io.sightmill.ingest;

/** Text from outside as it may stand in a message: short, on one line, in quotes. */
final class Quoted {

    private static final int MOST_CHARACTERS = 80;

    private Quoted() {}

    static String of(String text) {
        StringBuilder quoted = new StringBuilder("'");
        text.codePoints()
                .limit(MOST_CHARACTERS)
                .map(character -> isPrintable(character) ? character : '?')
                .forEach(quoted::appendCodePoint);
        if (text.codePointCount(0, text.length()) > MOST_CHARACTERS) {
            quoted.append("...");
        }
        return quoted.append("'").toString();
    }

    private static boolean isPrintable(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                    false;
            default -> true;
        };
    }
}
