package io.sightmill.tuning.captions;

/** The colours of shapes, digits and words: far enough apart to stay so under any light. */
public enum Colour {
    RED,
    ORANGE,
    YELLOW,
    GREEN,
    BLUE,
    PURPLE,
    PINK,
    BROWN,
    WHITE,
    BLACK;

    public String word() {
        return Words.of(this);
    }
}
