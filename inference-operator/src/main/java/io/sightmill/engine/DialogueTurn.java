package io.sightmill.engine;

import java.util.Objects;

/** One turn of a dialogue, as plain text: a special token in it is read as its characters. */
public record DialogueTurn(Role role, String text) {

    /** Who speaks. */
    public enum Role {
        SYSTEM,
        USER,
        ASSISTANT
    }

    public DialogueTurn {
        Objects.requireNonNull(role, "role");
        Objects.requireNonNull(text, "text");
    }
}
