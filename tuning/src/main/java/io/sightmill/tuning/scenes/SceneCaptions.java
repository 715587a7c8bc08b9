package io.sightmill.tuning.scenes;

import static io.sightmill.tuning.captions.English.counted;
import static io.sightmill.tuning.captions.English.indefinite;
import static io.sightmill.tuning.captions.English.list;
import static io.sightmill.tuning.captions.English.sentence;

import io.sightmill.tuning.Dice;
import io.sightmill.tuning.captions.Box;
import io.sightmill.tuning.captions.CaptionedImage;
import io.sightmill.tuning.captions.Direction;
import io.sightmill.tuning.captions.DrawnShape;
import io.sightmill.tuning.captions.LabelledBox;
import io.sightmill.tuning.captions.Shape;
import io.sightmill.tuning.captions.Thing;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Says of a scene what several people would who saw it, and frames its things: what a teacher is
 * told (arXiv 2304.08485, section 3). Things are named from left to right.
 */
public final class SceneCaptions {

    /** Which part of a scene's dice words its captions. */
    private static final long PART = 3;

    /** A shape of which less is seen is said to be covered. */
    private static final double WHOLE = 0.93;

    private final Scene scene;
    private final Dice dice;
    private final List<Thing> things;

    private SceneCaptions(Scene scene) {
        this.scene = scene;
        this.dice = Dice.of(scene.seed().value(), PART);
        this.things = new ArrayList<>(scene.things());
        this.things.sort(Comparator.comparingDouble(thing -> thing.box().centerX()));
    }

    /**
     * Captions and boxes of a scene.
     *
     * @param image the file it is in
     */
    public static CaptionedImage of(Scene scene, String id, String image) {
        SceneCaptions words = new SceneCaptions(scene);
        return new CaptionedImage(id, image, words.captions(), words.boxes());
    }

    private List<LabelledBox> boxes() {
        return things.stream()
                .map(thing -> new LabelledBox(thing.category(), thing.box()))
                .toList();
    }

    private List<String> captions() {
        Set<String> captions = new LinkedHashSet<>();
        captions.add(
                sentence(list(things.stream().map(SceneCaptions::named).toList()) + background()));
        captions.add(sentence(kinds()));
        captions.add(sentence(kinds() + background()));
        captions.add(
                sentence(
                        "a picture of "
                                + list(things.stream().map(SceneCaptions::briefly).toList())));
        relation().ifPresent(captions::add);
        captions.addAll(covers());
        return List.copyOf(captions);
    }

    private String background() {
        String preposition = dice.chance(0.5) ? "on" : "against";
        return " %s a %s background".formatted(preposition, scene.tone().word());
    }

    /** With size, texture and colour. */
    private static String named(Thing thing) {
        return thing instanceof DrawnShape shape
                ? indefinite(shape.size().word() + " " + shape.category())
                : "the " + thing.category();
    }

    private static String briefly(Thing thing) {
        return thing instanceof DrawnShape shape
                ? indefinite(shape.colour().word() + " " + shape.shape().word())
                : "the " + thing.category();
    }

    /** How many of each shape there are, and the text. */
    private String kinds() {
        List<String> parts = new ArrayList<>();
        for (Shape shape : Shape.values()) {
            long count = scene.shapes().stream().filter(one -> one.shape() == shape).count();
            if (count > 0) {
                parts.add(counted((int) count, shape.word(), shape.plural()));
            }
        }
        scene.text().ifPresent(text -> parts.add("the " + text.noun() + " " + text.text()));
        return list(parts);
    }

    /** Of two neighbours, of which one is beside or above the other beyond doubt. */
    private Optional<String> relation() {
        for (int index = 1; index < things.size(); index++) {
            Thing one = things.get(index - 1);
            Thing other = things.get(index);
            Optional<Direction> direction = Direction.of(one.box(), other.box());
            if (direction.isPresent()) {
                return direction.map(
                        where ->
                                sentence(
                                        "%s %s %s"
                                                .formatted(
                                                        briefly(one),
                                                        where.preposition(),
                                                        briefly(other))));
            }
        }
        return Optional.empty();
    }

    /** Which shapes others cover in part, where words leave no doubt of which they speak. */
    private List<String> covers() {
        List<DrawnShape> painted = scene.shapes();
        List<String> captions = new ArrayList<>();
        for (int index = 0; index < painted.size(); index++) {
            DrawnShape under = painted.get(index);
            List<DrawnShape> over =
                    painted.subList(index + 1, painted.size()).stream()
                            .filter(shape -> meet(shape.box(), under.box()))
                            .toList();
            if (scene.visible(index) < WHOLE
                    && over.size() == 1
                    && isAlone(under)
                    && isAlone(over.get(0))) {
                captions.add(
                        "The %s partly covers the %s."
                                .formatted(over.get(0).category(), under.category()));
            }
        }
        return captions;
    }

    private boolean isAlone(DrawnShape shape) {
        return scene.shapes().stream()
                        .filter(one -> one.category().equals(shape.category()))
                        .count()
                == 1;
    }

    private static boolean meet(Box one, Box other) {
        return one.left() < other.right()
                && other.left() < one.right()
                && one.top() < other.bottom()
                && other.top() < one.bottom();
    }
}
