package io.sightmill.tuning.evaluate;

import io.sightmill.tuning.captions.Colour;
import io.sightmill.tuning.captions.Shape;
import io.sightmill.tuning.captions.Texture;
import io.sightmill.tuning.captions.Tone;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The words that can be an answer, with what else they are called. Of a reply only these count: "It
 * is red." says as much as "red".
 */
enum Vocabulary {
    COLOURS,
    SHAPES,
    NUMBERS,
    PLACES,
    SIDES,
    SIZES,
    TRUTHS,
    TEXTURES,
    TONES,
    /** Colours, shapes and digits: what names a thing. */
    NAMES;

    private static final Pattern TOKEN = Pattern.compile("[a-z]+|[0-9]+");
    private static final List<String> DIGITS =
            List.of(
                    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
                    "ten");

    private final Map<String, String> meanings = new HashMap<>();

    static {
        Arrays.stream(Colour.values()).forEach(one -> COLOURS.add(one.word()));
        for (Shape shape : Shape.values()) {
            SHAPES.add(shape.word(), shape.word(), shape.plural());
        }
        SHAPES.add("moon", "crescent", "crescents");
        SHAPES.add("diamond", "rhombus");
        for (int value = 0; value < DIGITS.size(); value++) {
            NUMBERS.add(String.valueOf(value), String.valueOf(value), DIGITS.get(value));
        }
        NUMBERS.add("0", "none", "no");
        PLACES.add("top", "top", "upper");
        PLACES.add("bottom", "bottom", "lower");
        PLACES.add("left");
        PLACES.add("right");
        PLACES.add("center", "center", "centre", "middle");
        SIDES.add("left");
        SIDES.add("right");
        SIDES.add("above", "above", "over", "up");
        SIDES.add("below", "below", "under", "underneath", "beneath", "down");
        SIZES.add("small", "small", "little", "smaller");
        SIZES.add("large", "large", "big", "larger", "bigger");
        TRUTHS.add("yes", "yes", "true");
        TRUTHS.add("no", "no", "not", "false");
        Arrays.stream(Texture.values()).forEach(one -> TEXTURES.add(one.word()));
        TEXTURES.add("striped", "stripes");
        TEXTURES.add("dotted", "dots");
        TEXTURES.add("plain", "solid");
        Arrays.stream(Tone.values()).forEach(one -> TONES.add(one.word()));
        TONES.add("grey", "gray");
        TONES.add("light", "bright");
        NAMES.meanings.putAll(COLOURS.meanings);
        NAMES.meanings.putAll(SHAPES.meanings);
        for (int digit = 0; digit < 10; digit++) {
            NAMES.add(String.valueOf(digit));
        }
    }

    private void add(String word) {
        meanings.put(word, word);
    }

    private void add(String meaning, String... words) {
        for (String word : words) {
            meanings.put(word, meaning);
        }
    }

    /** What a text says in these words, each once, in their order. */
    Set<String> in(String text) {
        Set<String> found = new LinkedHashSet<>();
        for (String token : tokens(text)) {
            String meaning = meanings.get(token);
            if (meaning != null) {
                found.add(meaning);
            }
        }
        return found;
    }

    /** What one word means; null if it is none of these. */
    String meaning(String token) {
        return meanings.get(token);
    }

    /** Words and numbers in lower case. */
    static List<String> tokens(String text) {
        List<String> tokens = new ArrayList<>();
        Matcher matcher = TOKEN.matcher(text.toLowerCase(Locale.ROOT));
        while (matcher.find()) {
            tokens.add(matcher.group());
        }
        return tokens;
    }
}
