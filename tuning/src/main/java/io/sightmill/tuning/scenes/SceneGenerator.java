package io.sightmill.tuning.scenes;

import io.sightmill.tuning.Dice;
import io.sightmill.tuning.captions.Box;
import io.sightmill.tuning.captions.Colour;
import io.sightmill.tuning.captions.DrawnShape;
import io.sightmill.tuning.captions.Shape;
import io.sightmill.tuning.captions.Size;
import io.sightmill.tuning.captions.Tone;
import io.sightmill.tuning.captions.WrittenText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Makes scenes up. A scene depends on its seed and the options alone. Used by one thread; a
 * generator a thread.
 */
public final class SceneGenerator {

    /** Which part of a seed's dice makes the scene up; the painter has another. */
    private static final long PART = 1;

    private static final double MARGIN = 0.015;
    private static final int LARGE_TRIES = 40;
    private static final int SMALL_TRIES = 80;

    /** How often the shapes of a scene are large, by how many there are. */
    private static final double[] LARGE_SHARES = {0.5, 0.5, 0.5, 0.45, 0.42, 0.4};

    private final SceneOptions options;
    private final Visibility visibility = new Visibility();

    public SceneGenerator(SceneOptions options) {
        this.options = options;
    }

    public Scene scene(SceneSeed seed) {
        Dice dice = Dice.of(seed.value(), PART);
        // Drawn once: full scenes, which need more attempts, shall not be rarer for it.
        int count = dice.within(options.minShapes(), options.maxShapes());
        while (true) {
            Optional<Scene> scene = attempt(seed, count, dice);
            if (scene.isPresent()) {
                return scene.get();
            }
        }
    }

    /** Empty if there was no room, or too much of a shape was covered. */
    private Optional<Scene> attempt(SceneSeed seed, int count, Dice dice) {
        Tone tone = dice.pick(Tone.values());
        Cast cast = new Cast(tone, options.textureShare(), dice);
        Layout layout = new Layout(dice.chance(options.overlapShare()));
        Optional<SceneText> text = text(tone, layout, dice);
        List<Planned> planned = new ArrayList<>();
        for (int index = 0; index < count; index++) {
            Optional<Planned> shape = shape(cast, layout, LARGE_SHARES[count], dice);
            if (shape.isEmpty()) {
                return Optional.empty();
            }
            planned.add(shape.get());
        }
        return seen(planned).map(shapes -> new Scene(seed, tone, shapes, text));
    }

    /** A shape before it is known how much of it will be seen. */
    private record Planned(DrawnShape shape, double turn, Outline outline) {}

    private Optional<SceneText> text(Tone tone, Layout layout, Dice dice) {
        if (!dice.chance(options.textShare())) {
            return Optional.empty();
        }
        boolean isDigit = dice.chance(0.6);
        String text = isDigit ? String.valueOf(dice.below(10)) : dice.pick(ShortWords.ALL);
        double turn = StrictMath.toRadians(dice.between(-10, 10));
        Outline glyphs = Glyphs.outline(text, dice.between(1.0, 1.5)).turned(turn);
        double height = isDigit ? dice.between(0.26, 0.36) : dice.between(0.19, 0.23);
        double side = height * Math.max(1, 1 / glyphs.aspect());
        Outline outline = placed(glyphs, side, Optional.empty(), dice);
        Colour colour = dice.pick(Cast.visibleOn(tone));
        WrittenText written = new WrittenText(colour, text, outline.box());
        layout.add(written.box(), colour, true);
        return Optional.of(new SceneText(written, outline));
    }

    private Optional<Planned> shape(Cast cast, Layout layout, double largeShare, Dice dice) {
        Shape shape = cast.shape();
        Colour colour = cast.colour();
        double turn = ShapeOutlines.turn(shape, dice);
        Outline upright = ShapeOutlines.of(shape).turned(turn);
        Size wished = dice.chance(largeShare) ? Size.LARGE : Size.SMALL;
        Optional<Outline> outline = find(upright, wished, colour, layout, dice);
        Size size = wished;
        if (outline.isEmpty() && wished == Size.LARGE) {
            size = Size.SMALL;
            outline = find(upright, size, colour, layout, dice);
        }
        if (outline.isEmpty()) {
            return Optional.empty();
        }
        Box box = outline.get().box();
        layout.add(box, colour, false);
        DrawnShape drawn = new DrawnShape(shape, colour, cast.texture(shape), size, box);
        return Optional.of(new Planned(drawn, turn, outline.get()));
    }

    /** A free place, of a size between the bounds. */
    private static Optional<Outline> find(
            Outline upright, Size size, Colour colour, Layout layout, Dice dice) {
        int tries = size == Size.LARGE ? LARGE_TRIES : SMALL_TRIES;
        double side = dice.between(size.least(), size.most());
        for (int index = 0; index < tries; index++) {
            Outline outline = placed(upright, side, layout.besideAnother(side, dice), dice);
            if (layout.hasRoom(outline.box(), colour)) {
                return Optional.of(outline);
            }
        }
        return Optional.empty();
    }

    /** Within the picture; as near to the wish as that allows, anywhere without one. */
    private static Outline placed(
            Outline outline, double side, Optional<double[]> wish, Dice dice) {
        double aspect = outline.aspect();
        double edgeX = MARGIN + side * Math.min(1, 1 / aspect) / 2;
        double edgeY = MARGIN + side * Math.min(1, aspect) / 2;
        double[] centre =
                wish.orElseGet(
                        () ->
                                new double[] {
                                    dice.between(edgeX, 1 - edgeX), dice.between(edgeY, 1 - edgeY)
                                });
        return outline.fitted(
                Math.min(Math.max(centre[0], edgeX), 1 - edgeX),
                Math.min(Math.max(centre[1], edgeY), 1 - edgeY),
                side);
    }

    private Optional<List<SceneShape>> seen(List<Planned> planned) {
        double[] shares = visibility.of(planned.stream().map(Planned::outline).toList());
        if (Arrays.stream(shares).anyMatch(share -> share < SceneOptions.LEAST_VISIBLE)) {
            return Optional.empty();
        }
        List<SceneShape> shapes = new ArrayList<>();
        for (int index = 0; index < shares.length; index++) {
            Planned shape = planned.get(index);
            shapes.add(new SceneShape(shape.shape(), shape.turn(), shape.outline(), shares[index]));
        }
        return Optional.of(shapes);
    }
}
