package io.sightmill.tuning.captions;

/** The background, in one word. */
public enum Tone {
    LIGHT,
    GREY,
    DARK;

    public String word() {
        return Words.of(this);
    }
}
