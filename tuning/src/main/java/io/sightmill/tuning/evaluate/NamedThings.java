package io.sightmill.tuning.evaluate;

import io.sightmill.tuning.captions.DrawnShape;
import io.sightmill.tuning.captions.Thing;
import io.sightmill.tuning.captions.WrittenText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The things that a caption names, against those there are. A shape is named rightly by its shape
 * and its colour; each thing there is can be named once.
 *
 * @param named things the caption names
 * @param right of them those that are there
 * @param present things there are
 */
record NamedThings(int named, int right, int present) {

    /** A colour and a shape, or what a text is; the colour is empty where none was said. */
    private record Name(String colour, String noun) {}

    static NamedThings of(String caption, List<Thing> things) {
        List<Name> left = new ArrayList<>(things.stream().map(NamedThings::name).toList());
        List<Name> named = names(caption);
        int right = 0;
        for (Name name : named) {
            Name found =
                    left.stream()
                            .filter(there -> there.noun().equals(name.noun()))
                            .filter(
                                    there ->
                                            name.colour().isEmpty()
                                                    || there.colour().equals(name.colour()))
                            .findFirst()
                            .orElse(null);
            if (found != null) {
                left.remove(found);
                right++;
            }
        }
        return new NamedThings(named.size(), right, things.size());
    }

    private static Name name(Thing thing) {
        String noun =
                thing instanceof DrawnShape shape
                        ? shape.shape().word()
                        : ((WrittenText) thing).text().toLowerCase(Locale.ROOT);
        return new Name(thing.colour().word(), noun);
    }

    /** "Two red circles and the digit 7" are three: the number before a shape says how many. */
    private static List<Name> names(String caption) {
        List<Name> names = new ArrayList<>();
        String colour = "";
        int count = 1;
        List<String> tokens = Vocabulary.tokens(caption);
        for (int index = 0; index < tokens.size(); index++) {
            String token = tokens.get(index);
            String number = Vocabulary.NUMBERS.meaning(token);
            boolean isText =
                    index > 0 && List.of("digit", "word", "number").contains(tokens.get(index - 1));
            String shape = Vocabulary.SHAPES.meaning(token);
            if (isText) {
                names.add(new Name(colour, number == null ? token : number));
            } else if (shape != null) {
                for (int copy = 0; copy < count; copy++) {
                    names.add(new Name(colour, shape));
                }
            } else if (Vocabulary.COLOURS.meaning(token) != null) {
                colour = token;
                continue;
            } else if (number != null) {
                count = Math.min(10, Integer.parseInt(number));
                continue;
            } else {
                if (token.equals("a")
                        || token.equals("an")
                        || token.equals("the")
                        || token.equals("and")) {
                    colour = "";
                    count = 1;
                }
                continue;
            }
            colour = "";
            count = 1;
        }
        return names;
    }
}
