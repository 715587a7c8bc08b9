package io.sightmill.tuning.instruct;

import io.sightmill.tuning.Dice;
import io.sightmill.tuning.captions.Colour;
import io.sightmill.tuning.captions.DrawnShape;
import io.sightmill.tuning.captions.English;
import io.sightmill.tuning.captions.Shape;
import io.sightmill.tuning.captions.Size;
import io.sightmill.tuning.captions.Texture;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Questions for a number. The numbers are about equally often the answer, as far as pictures allow:
 * who always says one is seldom right.
 */
final class CountQuestions {

    private static final List<String> WORDINGS =
            List.of(
                    "How many %s are there?",
                    "How many %s can you see?",
                    "How many %s are in the picture?",
                    "Count the %s.",
                    "What is the number of %s?");

    /** How often a picture is asked for a single thing when it gives no other occasion. */
    private static final double ONE = 0.4;

    /** Things of one kind. */
    record Group(String plural, int size) {}

    private CountQuestions() {}

    static Optional<Question> ask(Picture picture, Dice dice) {
        List<Group> groups = groups(picture);
        List<Integer> sizes =
                groups.stream()
                        .map(Group::size)
                        .distinct()
                        .filter(size -> size > 1 || dice.chance(ONE))
                        .collect(Collectors.toList());
        if (sizes.isEmpty()) {
            return Optional.empty();
        }
        int size = Math.max(dice.pick(sizes), dice.pick(sizes));
        Group group = dice.pick(groups.stream().filter(one -> one.size() == size).toList());
        return Optional.of(
                new Question(
                        Skill.COUNT,
                        dice.pick(WORDINGS).formatted(group.plural()),
                        English.number(group.size())));
    }

    /** Every kind of which the picture has something. */
    static List<Group> groups(Picture picture) {
        List<Group> groups = new ArrayList<>();
        add(groups, picture, "shapes", shape -> true);
        for (Shape kind : Shape.values()) {
            add(groups, picture, kind.plural(), shape -> shape.shape() == kind);
        }
        for (Colour colour : Colour.values()) {
            add(groups, picture, colour.word() + " shapes", shape -> shape.colour() == colour);
        }
        for (Size size : Size.values()) {
            add(groups, picture, size.word() + " shapes", shape -> shape.size() == size);
        }
        for (Texture texture : List.of(Texture.STRIPED, Texture.DOTTED)) {
            add(groups, picture, texture.word() + " shapes", shape -> shape.texture() == texture);
        }
        return groups;
    }

    private static void add(
            List<Group> groups, Picture picture, String plural, Predicate<DrawnShape> which) {
        long size = picture.count(which);
        if (size > 0) {
            groups.add(new Group(plural, (int) size));
        }
    }
}
