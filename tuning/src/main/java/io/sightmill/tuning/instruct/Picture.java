package io.sightmill.tuning.instruct;

import io.sightmill.tuning.captions.CaptionedImage;
import io.sightmill.tuning.captions.Colour;
import io.sightmill.tuning.captions.DrawnShape;
import io.sightmill.tuning.captions.LabelledBox;
import io.sightmill.tuning.captions.Shape;
import io.sightmill.tuning.captions.Size;
import io.sightmill.tuning.captions.Texture;
import io.sightmill.tuning.captions.Thing;
import io.sightmill.tuning.captions.Tone;
import io.sightmill.tuning.captions.WrittenText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What captions and boxes say of a picture, understood.
 *
 * @param tone of the background, where a caption names it
 * @param shapes from left to right
 * @param covers which shape partly covers which, where a caption says so
 */
public record Picture(
        Optional<Tone> tone,
        List<DrawnShape> shapes,
        Optional<WrittenText> text,
        List<Cover> covers) {

    private static final Pattern BACKGROUND = Pattern.compile("\\b(\\w+) background\\b");
    private static final Pattern COVER = Pattern.compile("The (.+) partly covers the (.+)\\.");
    private static final Pattern TEXT = Pattern.compile("(\\w+) (?:digit|word) (\\w+)");
    private static final Pattern SHAPE = Pattern.compile("(?:(\\w+) )?(\\w+) (\\w+)");

    /** One shape over another. */
    public record Cover(DrawnShape over, DrawnShape under) {}

    public Picture {
        Objects.requireNonNull(tone, "tone");
        shapes = List.copyOf(shapes);
        Objects.requireNonNull(text, "text");
        covers = List.copyOf(covers);
    }

    /**
     * Reads captions and boxes.
     *
     * @throws IllegalArgumentException if a box frames something else than this teacher knows, or
     *     there is no shape
     */
    public static Picture of(CaptionedImage image) {
        List<DrawnShape> shapes = new ArrayList<>();
        List<WrittenText> texts = new ArrayList<>();
        for (LabelledBox box : image.boxes()) {
            Thing thing = thing(box);
            if (thing instanceof DrawnShape shape) {
                shapes.add(shape);
            } else if (thing instanceof WrittenText text) {
                texts.add(text);
            }
        }
        if (shapes.isEmpty() || texts.size() > 1) {
            throw new IllegalArgumentException(
                    "the boxes frame %d shapes and %d texts; there must be a shape and one text at most"
                            .formatted(shapes.size(), texts.size()));
        }
        return new Picture(
                tone(image.captions()),
                shapes,
                texts.stream().findFirst(),
                covers(image.captions(), shapes));
    }

    private static Thing thing(LabelledBox box) {
        Matcher text = TEXT.matcher(box.category());
        if (text.matches()) {
            return new WrittenText(
                    word(Colour.values(), Colour::word, text.group(1), box),
                    text.group(2),
                    box.box());
        }
        Matcher shape = SHAPE.matcher(box.category());
        Size size =
                Size.of(box.box())
                        .orElseThrow(() -> unknown(box, "its size is neither small nor large"));
        if (!shape.matches()) {
            throw unknown(box, "its words are not texture, colour and shape");
        }
        return new DrawnShape(
                word(Shape.values(), Shape::word, shape.group(3), box),
                word(Colour.values(), Colour::word, shape.group(2), box),
                shape.group(1) == null
                        ? Texture.PLAIN
                        : word(Texture.values(), Texture::word, shape.group(1), box),
                size,
                box.box());
    }

    private static <E> E word(E[] values, Function<E, String> words, String word, LabelledBox box) {
        return Arrays.stream(values)
                .filter(value -> words.apply(value).equals(word))
                .findFirst()
                .orElseThrow(() -> unknown(box, "'" + word + "' is not known"));
    }

    private static IllegalArgumentException unknown(LabelledBox box, String why) {
        return new IllegalArgumentException(
                "the built-in teacher cannot speak of '%s': %s; a chat teacher can"
                        .formatted(box, why));
    }

    private static Optional<Tone> tone(List<String> captions) {
        for (String caption : captions) {
            Matcher matcher = BACKGROUND.matcher(caption);
            if (matcher.find()) {
                return Arrays.stream(Tone.values())
                        .filter(tone -> tone.word().equals(matcher.group(1)))
                        .findFirst();
            }
        }
        return Optional.empty();
    }

    private static List<Cover> covers(List<String> captions, List<DrawnShape> shapes) {
        List<Cover> covers = new ArrayList<>();
        for (String caption : captions) {
            Matcher matcher = COVER.matcher(caption);
            if (matcher.matches()) {
                Optional<DrawnShape> over = only(shapes, matcher.group(1));
                Optional<DrawnShape> under = only(shapes, matcher.group(2));
                if (over.isPresent() && under.isPresent()) {
                    covers.add(new Cover(over.get(), under.get()));
                }
            }
        }
        return covers;
    }

    private static Optional<DrawnShape> only(List<DrawnShape> shapes, String category) {
        List<DrawnShape> named =
                shapes.stream().filter(shape -> shape.category().equals(category)).toList();
        return named.size() == 1 ? Optional.of(named.get(0)) : Optional.empty();
    }

    /** Shapes from left to right, and the text. */
    public List<Thing> things() {
        List<Thing> things = new ArrayList<>(shapes);
        text.ifPresent(things::add);
        things.sort(java.util.Comparator.comparingDouble(thing -> thing.box().centerX()));
        return things;
    }

    long count(java.util.function.Predicate<DrawnShape> which) {
        return shapes.stream().filter(which).count();
    }
}
