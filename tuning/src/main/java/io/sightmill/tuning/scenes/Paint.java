package io.sightmill.tuning.scenes;

import io.sightmill.tuning.Dice;
import io.sightmill.tuning.captions.Colour;
import io.sightmill.tuning.captions.Tone;

/** Levels of red, green and blue, 0 to 255. */
record Paint(float red, float green, float blue) {

    private static final Paint WHITE = new Paint(255, 255, 255);
    private static final Paint BLACK = new Paint(0, 0, 0);

    /** One of the many paints that go by a colour's name. */
    static Paint of(Colour colour, Dice dice) {
        return switch (colour) {
            case RED -> mixed(dice, -6, 4, 0.86, 1, 0.78, 0.94);
            case ORANGE -> mixed(dice, 25, 32, 0.9, 1, 0.94, 1);
            case YELLOW -> mixed(dice, 51, 58, 0.8, 1, 0.92, 1);
            case GREEN -> mixed(dice, 110, 140, 0.7, 0.95, 0.5, 0.72);
            case BLUE -> mixed(dice, 214, 230, 0.8, 0.96, 0.75, 0.95);
            case PURPLE -> mixed(dice, 272, 284, 0.62, 0.8, 0.55, 0.72);
            case PINK -> mixed(dice, 328, 342, 0.36, 0.52, 0.95, 1);
            case BROWN -> mixed(dice, 18, 28, 0.62, 0.76, 0.42, 0.54);
            case WHITE -> mixed(dice, 0, 360, 0, 0.03, 0.95, 1);
            case BLACK -> mixed(dice, 0, 360, 0, 0.3, 0.03, 0.1);
        };
    }

    /** One of the paints of a background. */
    static Paint of(Tone tone, Dice dice) {
        return switch (tone) {
            case LIGHT -> mixed(dice, 0, 360, 0, 0.12, 0.78, 0.93);
            case GREY -> mixed(dice, 0, 360, 0, 0.14, 0.42, 0.58);
            case DARK -> mixed(dice, 0, 360, 0, 0.3, 0.07, 0.18);
        };
    }

    /** A second paint of the same colour for stripes and dots: light on dark, dark on light. */
    Paint accent() {
        boolean isDark = 0.3 * red + 0.59 * green + 0.11 * blue < 135;
        return isDark ? towards(WHITE, 0.68f) : towards(BLACK, 0.6f);
    }

    private Paint towards(Paint other, float share) {
        return new Paint(
                red + share * (other.red - red),
                green + share * (other.green - green),
                blue + share * (other.blue - blue));
    }

    private static Paint mixed(
            Dice dice,
            double leastHue,
            double mostHue,
            double leastSaturation,
            double mostSaturation,
            double leastValue,
            double mostValue) {
        return ofHue(
                dice.between(leastHue, mostHue),
                dice.between(leastSaturation, mostSaturation),
                dice.between(leastValue, mostValue));
    }

    /**
     * @param hue in degrees
     * @param saturation 0 to 1
     * @param value 0 to 1
     */
    private static Paint ofHue(double hue, double saturation, double value) {
        return new Paint(
                channel(5, hue, saturation, value),
                channel(3, hue, saturation, value),
                channel(1, hue, saturation, value));
    }

    private static float channel(int offset, double hue, double saturation, double value) {
        double sector = (offset + (hue + 360) / 60) % 6;
        double share = Math.max(0, Math.min(1, Math.min(sector, 4 - sector)));
        return (float) (255 * (value - value * saturation * share));
    }
}
