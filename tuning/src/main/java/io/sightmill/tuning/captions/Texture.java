package io.sightmill.tuning.captions;

/** How the surface of a shape looks; captions do not mention that one is plain. */
public enum Texture {
    PLAIN,
    STRIPED,
    DOTTED;

    public String word() {
        return Words.of(this);
    }
}
