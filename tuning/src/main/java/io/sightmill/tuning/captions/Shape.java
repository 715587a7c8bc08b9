package io.sightmill.tuning.captions;

/** The shapes: each tells itself apart from the others at a dozen pixels, however it is turned. */
public enum Shape {
    CIRCLE(true),
    SQUARE(true),
    TRIANGLE(true),
    STAR(false),
    HEART(true),
    CROSS(false),
    RING(false),
    MOON(false),
    DIAMOND(true),
    ARROW(false);

    private final boolean isBroad;

    Shape(boolean isBroad) {
        this.isBroad = isBroad;
    }

    /** Whether there is room for a texture in it. */
    public boolean isBroad() {
        return isBroad;
    }

    public String word() {
        return Words.of(this);
    }

    public String plural() {
        return this == CROSS ? "crosses" : word() + "s";
    }
}
