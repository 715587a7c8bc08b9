package io.sightmill.tuning.scenes;

import io.sightmill.tuning.Dice;
import io.sightmill.tuning.captions.Texture;

/** How the paint of a shape changes over the picture: stripes, dots, and the light on it. */
final class Surface {

    /** Share of the picture's side from one stripe to the next; five pixels of 64. */
    private static final double STRIPES = 0.082;

    private static final double DOTS = 0.1;

    private final Texture texture;
    private final float cosine;
    private final float sine;
    private final float shiftX;
    private final float shiftY;
    private final float lightX;
    private final float lightY;

    /**
     * @param side pixels of the picture's side
     */
    Surface(Texture texture, int side, Dice dice) {
        this.texture = texture;
        double angle = StrictMath.toRadians(dice.between(0, 180));
        double period = side * (texture == Texture.DOTTED ? DOTS : STRIPES);
        cosine = (float) (StrictMath.cos(angle) / period);
        sine = (float) (StrictMath.sin(angle) / period);
        shiftX = (float) dice.between(64, 65);
        shiftY = (float) dice.between(64, 65);
        lightX = (float) dice.between(-0.35, 0.35) / side;
        lightY = (float) dice.between(-0.35, 0.35) / side;
    }

    /** How much of the second paint is at a pixel, 0 to 1. */
    float accent(int x, int y) {
        return switch (texture) {
            case PLAIN -> 0;
            case STRIPED -> stripe(x, y);
            case DOTTED -> dot(x, y);
        };
    }

    /** Brightness relative to what it is at a shape's centre. */
    float light(float right, float down) {
        return 1 + lightX * right + lightY * down;
    }

    private float stripe(int x, int y) {
        float u = cosine * x + sine * y + shiftX;
        float distance = Math.abs(u - (int) u - 0.5f);
        return clamped(6 * (distance - 0.29f) + 0.5f);
    }

    private float dot(int x, int y) {
        float u = cosine * x + sine * y + shiftX;
        float v = cosine * y - sine * x + shiftY;
        float du = u - (int) u - 0.5f;
        float dv = v - (int) v - 0.5f;
        return clamped(18 * (0.115f - (du * du + dv * dv)) + 0.5f);
    }

    private static float clamped(float value) {
        return Math.min(1, Math.max(0, value));
    }
}
