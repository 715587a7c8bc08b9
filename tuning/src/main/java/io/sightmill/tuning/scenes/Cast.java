package io.sightmill.tuning.scenes;

import io.sightmill.tuning.Dice;
import io.sightmill.tuning.captions.Colour;
import io.sightmill.tuning.captions.Shape;
import io.sightmill.tuning.captions.Texture;
import io.sightmill.tuning.captions.Tone;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What the shapes of a scene may be. Half of the scenes draw from everything; the others from a few
 * shapes or colours, so that there is something to count and to tell apart.
 */
final class Cast {

    private final Dice dice;
    private final double textureShare;
    private final List<Shape> shapes;
    private final List<Colour> colours;

    Cast(Tone tone, double textureShare, Dice dice) {
        this.dice = dice;
        this.textureShare = textureShare;
        List<Shape> allShapes = Arrays.asList(Shape.values());
        List<Colour> seen = visibleOn(tone);
        switch (dice.below(8)) {
            case 0, 1 -> {
                shapes = some(allShapes, dice.within(1, 2));
                colours = seen;
            }
            case 2 -> {
                shapes = allShapes;
                colours = some(seen, dice.within(1, 2));
            }
            case 3 -> {
                shapes = some(allShapes, 2);
                colours = some(seen, 2);
            }
            default -> {
                shapes = allShapes;
                colours = seen;
            }
        }
    }

    /** The colours that stand out from a background. */
    static List<Colour> visibleOn(Tone tone) {
        List<Colour> colours = new ArrayList<>(Arrays.asList(Colour.values()));
        switch (tone) {
            case LIGHT -> colours.remove(Colour.WHITE);
            case DARK -> colours.removeAll(List.of(Colour.BLACK, Colour.BROWN));
            case GREY -> {}
        }
        return colours;
    }

    Shape shape() {
        return dice.pick(shapes);
    }

    Colour colour() {
        return dice.pick(colours);
    }

    Texture texture(Shape shape) {
        if (!shape.isBroad() || !dice.chance(textureShare)) {
            return Texture.PLAIN;
        }
        return dice.chance(0.5) ? Texture.STRIPED : Texture.DOTTED;
    }

    private <T> List<T> some(List<T> all, int count) {
        List<T> shuffled = new ArrayList<>(all);
        dice.shuffle(shuffled);
        return shuffled.subList(0, count);
    }
}
