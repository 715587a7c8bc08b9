package io.sightmill.tuning.scenes;

import io.sightmill.tuning.Dice;

/** How a finished scene is taken: light, lens and grain. */
final class Shot {

    private static final int LEVELS = 256;

    /** What to multiply the grain's strength with, for each of a byte's values: a bell curve. */
    private static final float[] BELL = bell();

    private final Canvas canvas;
    private final Dice dice;
    private final float[] row;

    Shot(Canvas canvas, Dice dice) {
        this.canvas = canvas;
        this.dice = dice;
        this.row = new float[canvas.side()];
    }

    void take() {
        light();
        if (dice.chance(0.6)) {
            blur((float) dice.between(0.03, 0.2));
        }
        grain((float) dice.between(0, 9));
    }

    /** Brightness that runs over the picture, and a slight cast of one colour. */
    private void light() {
        float base = (float) dice.between(0.86, 1.06);
        float right = (float) dice.between(-0.12, 0.12) / canvas.side();
        float down = (float) dice.between(-0.12, 0.12) / canvas.side();
        int side = canvas.side();
        for (float[] plane : canvas.planes()) {
            float cast = base * (float) dice.between(0.97, 1.03);
            for (int y = 0; y < side; y++) {
                for (int x = 0; x < side; x++) {
                    plane[y * side + x] *= cast + right * (x - side / 2) + down * (y - side / 2);
                }
            }
        }
    }

    /** Each pixel gives its neighbours a share of itself, first in its row, then in its column. */
    private void blur(float share) {
        int side = canvas.side();
        for (float[] plane : canvas.planes()) {
            for (int line = 0; line < side; line++) {
                blur(plane, line * side, 1, share);
            }
            for (int line = 0; line < side; line++) {
                blur(plane, line, side, share);
            }
        }
    }

    private void blur(float[] plane, int first, int step, float share) {
        int side = row.length;
        for (int index = 0; index < side; index++) {
            row[index] = plane[first + index * step];
        }
        for (int index = 0; index < side; index++) {
            float before = row[Math.max(0, index - 1)];
            float after = row[Math.min(side - 1, index + 1)];
            plane[first + index * step] = (1 - 2 * share) * row[index] + share * (before + after);
        }
    }

    private void grain(float strength) {
        float[][] planes = canvas.planes();
        int pixels = canvas.side() * canvas.side();
        for (int pixel = 0; pixel < pixels; pixel++) {
            long bits = dice.nextLong();
            for (float[] plane : planes) {
                plane[pixel] += strength * BELL[(int) (bits & (LEVELS - 1))];
                bits >>>= 8;
            }
        }
    }

    /** The quantiles of the logistic distribution with a standard deviation of 1. */
    private static float[] bell() {
        float[] quantiles = new float[LEVELS];
        for (int index = 0; index < LEVELS; index++) {
            double share = (index + 0.5) / LEVELS;
            quantiles[index] =
                    (float)
                            (StrictMath.log(share / (1 - share))
                                    * StrictMath.sqrt(3)
                                    / StrictMath.PI);
        }
        return quantiles;
    }
}
