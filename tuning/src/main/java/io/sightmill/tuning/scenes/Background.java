package io.sightmill.tuning.scenes;

import io.sightmill.tuning.Dice;
import io.sightmill.tuning.captions.Tone;

/** What is behind everything: even, running from one paint to another, mottled or ruled. */
final class Background {

    private static final int PATCHES = 6;

    private final Canvas canvas;
    private final Dice dice;
    private final Paint paint;

    private Background(Canvas canvas, Tone tone, Dice dice) {
        this.canvas = canvas;
        this.dice = dice;
        this.paint = Paint.of(tone, dice);
    }

    static void paint(Canvas canvas, Tone tone, Dice dice) {
        Background background = new Background(canvas, tone, dice);
        switch (dice.below(4)) {
            case 0 -> background.fill();
            case 1 -> background.slope();
            case 2 -> background.mottle();
            default -> background.rule();
        }
    }

    private void fill() {
        for (int pixel = 0; pixel < canvas.side() * canvas.side(); pixel++) {
            canvas.set(pixel, 0, paint);
        }
    }

    private void slope() {
        float right = (float) dice.between(-26, 26);
        float down = (float) dice.between(-26, 26);
        int side = canvas.side();
        for (int y = 0; y < side; y++) {
            for (int x = 0; x < side; x++) {
                float level = right * (x / (float) side - 0.5f) + down * (y / (float) side - 0.5f);
                canvas.set(y * side + x, level, paint);
            }
        }
    }

    /** Levels at the corners of a coarse grid, and between them what lies between. */
    private void mottle() {
        float[] corners = new float[(PATCHES + 1) * (PATCHES + 1)];
        float strength = (float) dice.between(6, 18);
        for (int index = 0; index < corners.length; index++) {
            corners[index] = strength * (float) dice.between(-1, 1);
        }
        int side = canvas.side();
        for (int y = 0; y < side; y++) {
            float v = y * PATCHES / (float) side;
            int row = (int) v * (PATCHES + 1);
            for (int x = 0; x < side; x++) {
                float u = x * PATCHES / (float) side;
                int corner = row + (int) u;
                float upper = between(corners[corner], corners[corner + 1], u - (int) u);
                float lower =
                        between(
                                corners[corner + PATCHES + 1],
                                corners[corner + PATCHES + 2],
                                u - (int) u);
                canvas.set(y * side + x, between(upper, lower, v - (int) v), paint);
            }
        }
    }

    /** Faint lines, which are no stripes of anything. */
    private void rule() {
        double angle = StrictMath.toRadians(dice.between(0, 180));
        double period = dice.between(0.1, 0.3) * canvas.side();
        float across = (float) (StrictMath.cos(angle) / period);
        float along = (float) (StrictMath.sin(angle) / period);
        float strength = (float) dice.between(4, 11);
        int side = canvas.side();
        for (int y = 0; y < side; y++) {
            for (int x = 0; x < side; x++) {
                float phase = across * x + along * y + 16;
                float wave = Math.abs(2 * (phase - (int) phase) - 1);
                canvas.set(y * side + x, strength * (2 * wave - 1), paint);
            }
        }
    }

    private static float between(float from, float to, float share) {
        return from + share * (to - from);
    }
}
