package io.sightmill.tuning.instruct;

import static io.sightmill.tuning.captions.English.counted;
import static io.sightmill.tuning.captions.English.indefinite;
import static io.sightmill.tuning.captions.English.list;
import static io.sightmill.tuning.captions.English.number;
import static io.sightmill.tuning.captions.English.sentence;

import io.sightmill.tuning.Dice;
import io.sightmill.tuning.captions.DrawnShape;
import io.sightmill.tuning.captions.Place;
import io.sightmill.tuning.captions.Shape;
import io.sightmill.tuning.captions.Thing;
import java.util.ArrayList;
import java.util.List;

/** Descriptions in one sentence and in many; things are named from left to right. */
public final class Descriptions {

    /** What asks for one sentence. */
    public static final List<String> BRIEF =
            List.of(
                    "Describe the image.",
                    "Describe the picture.",
                    "Describe the image briefly.",
                    "What is in this picture?",
                    "What do you see?",
                    "Give a short caption of the image.",
                    "What does the image show?");

    /** What asks for many. */
    static final List<String> DETAILED =
            List.of(
                    "Describe the image in detail.",
                    "Describe everything you see in the picture.",
                    "Give a detailed description of the image.",
                    "Tell me all about this picture.",
                    "What exactly can be seen in the image?",
                    "Write a thorough description of the picture.");

    private Descriptions() {}

    /** All things with their sizes, in one sentence. */
    public static String brief(Picture picture) {
        String things = list(picture.things().stream().map(Descriptions::named).toList());
        return sentence(
                things
                        + picture.tone()
                                .map(tone -> " on a " + tone.word() + " background")
                                .orElse(""));
    }

    private static String named(Thing thing) {
        return thing instanceof DrawnShape shape
                ? indefinite(shape.size().word() + " " + shape.category())
                : "the " + thing.category();
    }

    /** All things with size and place, what covers what, and how many there are. */
    static String detailed(Picture picture, Dice dice) {
        List<String> sentences = new ArrayList<>();
        sentences.add(opening(picture, dice));
        for (Thing thing : picture.things()) {
            sentences.add(sentence(placed(thing, dice)));
        }
        for (Picture.Cover cover : picture.covers()) {
            sentences.add(
                    dice.pick("The %s partly covers the %s.", "The %s lies partly over the %s.")
                            .formatted(cover.over().category(), cover.under().category()));
        }
        if (picture.shapes().size() > 1) {
            sentences.add(kinds(picture, dice));
        }
        return String.join(" ", sentences);
    }

    private static String opening(Picture picture, Dice dice) {
        int count = picture.shapes().size();
        String shapes = counted(count, "shape", "shapes");
        String ground =
                picture.tone().map(tone -> " on a " + tone.word() + " background").orElse("");
        return dice.pick("The picture shows %s%s.", "There %3$s %1$s%2$s.", "I see %s%s.")
                .formatted(shapes, ground, count == 1 ? "is" : "are");
    }

    private static String placed(Thing thing, Dice dice) {
        String name = named(thing);
        String where = Place.of(thing.box()).map(Place::phrase).orElse("");
        if (where.isEmpty()) {
            return dice.pick("there is ", "one can see ") + name;
        }
        return dice.chance(0.5) ? where + " there is " + name : name + " is " + where;
    }

    private static String kinds(Picture picture, Dice dice) {
        List<String> parts = new ArrayList<>();
        for (Shape shape : Shape.values()) {
            long count = picture.count(one -> one.shape() == shape);
            if (count > 0) {
                parts.add(counted((int) count, shape.word(), shape.plural()));
            }
        }
        return dice.pick("In all there are %s shapes: %s.", "That makes %s shapes: %s.")
                .formatted(number(picture.shapes().size()), list(parts));
    }
}
