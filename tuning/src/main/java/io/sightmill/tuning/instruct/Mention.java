package io.sightmill.tuning.instruct;

import io.sightmill.tuning.Dice;
import io.sightmill.tuning.captions.DrawnShape;
import io.sightmill.tuning.captions.Place;
import io.sightmill.tuning.captions.Texture;
import io.sightmill.tuning.captions.Thing;
import io.sightmill.tuning.captions.WrittenText;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Speaks of one thing of a picture in words that can mean no other: "the star", "the red star",
 * "the large shape", "the shape in the top left corner".
 */
final class Mention {

    /** What words can say of a shape. */
    enum Trait {
        SIZE,
        TEXTURE,
        COLOUR,
        SHAPE,
        PLACE
    }

    /** The usual ones several times, to be chosen more often. */
    private static final List<Set<Trait>> WAYS =
            List.of(
                    EnumSet.of(Trait.SHAPE),
                    EnumSet.of(Trait.SHAPE),
                    EnumSet.of(Trait.COLOUR, Trait.SHAPE),
                    EnumSet.of(Trait.COLOUR, Trait.SHAPE),
                    EnumSet.of(Trait.COLOUR),
                    EnumSet.of(Trait.SIZE),
                    EnumSet.of(Trait.SIZE, Trait.SHAPE),
                    EnumSet.of(Trait.SIZE, Trait.COLOUR),
                    EnumSet.of(Trait.TEXTURE, Trait.SHAPE),
                    EnumSet.of(Trait.TEXTURE, Trait.COLOUR),
                    EnumSet.of(Trait.SIZE, Trait.COLOUR, Trait.SHAPE),
                    EnumSet.of(Trait.TEXTURE, Trait.COLOUR, Trait.SHAPE),
                    EnumSet.of(Trait.PLACE));

    private final Picture picture;
    private final Dice dice;
    private final String noun;

    Mention(Picture picture, Dice dice) {
        this(picture, dice, "shape");
    }

    /**
     * @param noun for shapes whose shape is not said
     */
    Mention(Picture picture, Dice dice, String noun) {
        this.picture = picture;
        this.dice = dice;
        this.noun = noun;
    }

    /** Words for a thing, which do not mention some of its traits; empty if there are none. */
    Optional<String> of(Thing thing, Trait... silent) {
        if (thing instanceof WrittenText text) {
            return Optional.of("the " + text.noun());
        }
        DrawnShape shape = (DrawnShape) thing;
        Set<Trait> unsaid = EnumSet.noneOf(Trait.class);
        unsaid.addAll(List.of(silent));
        List<Set<Trait>> ways = new ArrayList<>();
        for (Set<Trait> way : WAYS) {
            if (way.stream().noneMatch(unsaid::contains) && meansOnly(shape, way)) {
                ways.add(way);
            }
        }
        return ways.isEmpty()
                ? Optional.empty()
                : Optional.of("the " + words(shape, dice.pick(ways)));
    }

    /** Colour and shape, where they mean one shape alone. */
    Optional<String> byName(Thing thing) {
        if (thing instanceof WrittenText text) {
            return Optional.of("the " + text.noun() + " " + text.text());
        }
        DrawnShape shape = (DrawnShape) thing;
        Set<Trait> name = EnumSet.of(Trait.COLOUR, Trait.SHAPE);
        return meansOnly(shape, name) ? Optional.of("the " + words(shape, name)) : Optional.empty();
    }

    private boolean meansOnly(DrawnShape shape, Set<Trait> way) {
        if (way.contains(Trait.TEXTURE) && shape.texture() == Texture.PLAIN) {
            return false;
        }
        if (way.contains(Trait.PLACE)) {
            return isAloneInItsPlace(shape);
        }
        return picture.count(other -> fits(other, shape, way)) == 1;
    }

    private static boolean fits(DrawnShape other, DrawnShape shape, Set<Trait> way) {
        return way.stream()
                .allMatch(
                        trait ->
                                switch (trait) {
                                    case SIZE -> other.size() == shape.size();
                                    case TEXTURE -> other.texture() == shape.texture();
                                    case COLOUR -> other.colour() == shape.colour();
                                    case SHAPE -> other.shape() == shape.shape();
                                    case PLACE -> true;
                                });
    }

    /** Others that stand in between two places might be meant by some. */
    private boolean isAloneInItsPlace(DrawnShape shape) {
        Optional<Place> place = Place.of(shape.box());
        return place.isPresent()
                && picture.shapes().stream()
                        .filter(other -> other != shape)
                        .map(other -> Place.of(other.box()))
                        .allMatch(other -> other.isPresent() && !other.equals(place));
    }

    private String words(DrawnShape shape, Set<Trait> way) {
        StringBuilder words = new StringBuilder();
        if (way.contains(Trait.SIZE)) {
            words.append(shape.size().word()).append(' ');
        }
        if (way.contains(Trait.TEXTURE)) {
            words.append(shape.texture().word()).append(' ');
        }
        if (way.contains(Trait.COLOUR)) {
            words.append(shape.colour().word()).append(' ');
        }
        words.append(way.contains(Trait.SHAPE) ? shape.shape().word() : noun);
        if (way.contains(Trait.PLACE)) {
            words.append(' ').append(Place.of(shape.box()).orElseThrow().phrase());
        }
        return words.toString();
    }
}
