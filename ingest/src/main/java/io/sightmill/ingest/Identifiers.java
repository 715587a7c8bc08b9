package io.sightmill.ingest;

/** What an id (of a request, a task, an instruction, a tenant) may look like. */
final class Identifiers {

    static final int MOST_CHARACTERS = 256;

    static final String RULE =
            "1 to " + MOST_CHARACTERS + " characters, none of them a control character";

    private Identifiers() {}

    static boolean isValid(String id) {
        return id != null
                && !id.isBlank()
                && id.length() <= MOST_CHARACTERS
                && id.chars().noneMatch(Character::isISOControl);
    }
}
