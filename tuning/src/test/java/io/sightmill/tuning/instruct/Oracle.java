package io.sightmill.tuning.instruct;

import io.sightmill.tuning.captions.DrawnShape;
import io.sightmill.tuning.captions.Thing;
import io.sightmill.tuning.captions.WrittenText;
import io.sightmill.tuning.scenes.Scene;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Answers questions by reading their words and looking at the scene itself: shares nothing with
 * what composes them, but the language.
 */
final class Oracle {

    private static final List<String> NUMBERS =
            List.of("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine");
    private static final List<String> SIDES = List.of("left", "right", "above", "below");
    private static final String THE = "(the [a-zA-Z0-9 ]+?)";
    private static final String AT =
            "(?:in|at|on) the (?:(?:top|bottom) (?:left|right)|top|bottom|left|right|center)(?: corner)?";
    private static final Pattern PHRASE =
            Pattern.compile(
                    "the (?:(small|large) )?(?:(striped|dotted) )?(?:(red|orange|yellow|green|blue|purple|pink|brown|white|black) )?(\\w+)(?: ([0-9A-Z]+))?(?: ("
                            + AT
                            + "))?");

    private final Scene scene;
    private final Map<Pattern, Function<MatchResult, String>> rules = new LinkedHashMap<>();

    Oracle(Scene scene) {
        this.scene = scene;
        addRules();
    }

    /** What the answer must be. */
    String answer(String question) {
        for (Map.Entry<Pattern, Function<MatchResult, String>> rule : rules.entrySet()) {
            Matcher matcher = rule.getKey().matcher(question);
            if (matcher.matches()) {
                return rule.getValue().apply(matcher.toMatchResult());
            }
        }
        throw new AssertionError("nobody can check the question: " + question);
    }

    private void rule(String words, Function<MatchResult, String> answer) {
        rules.put(Pattern.compile(words.replace("THE", THE)), answer);
    }

    private void addRules() {
        rule(
                "(?:Where|In which direction) is THE(?: relative to|, seen from| from) THE\\?",
                m -> direction(one(m.group(1)), one(m.group(2))));
        rule(
                "(?:What colou?r is|What is the color of|Tell me the color of) THE[?.]",
                m -> word(one(m.group(1)).colour()));
        rule("Which color does THE have\\?", m -> word(one(m.group(1)).colour()));
        rule("In what color is THE drawn\\?", m -> word(one(m.group(1)).colour()));
        rule(
                "(?:What shape is|What is the shape of|What kind of shape is|Tell me the shape of) THE[?.]",
                m -> word(shape(m.group(1)).shape()));
        rule("Which shape does THE have\\?", m -> word(shape(m.group(1)).shape()));
        rule(
                "(?:What size is|How big is|What is the size of) THE\\?",
                m -> size(shape(m.group(1))));
        rule("Is THE (?:small or large|large or small)\\?", m -> size(shape(m.group(1))));
        rule(
                "(?:Which|What) is (larger|smaller),? ?:? ?THE or THE\\?",
                m -> {
                    DrawnShape one = shape(m.group(2));
                    DrawnShape other = shape(m.group(3));
                    boolean first = (side(one) > side(other)) == m.group(1).equals("larger");
                    return (first ? m.group(2) : m.group(3)).substring(4);
                });
        rule(
                "What is (larger|smaller): THE or THE\\?",
                m ->
                        answer(
                                "Which is "
                                        + m.group(1)
                                        + ", "
                                        + m.group(2)
                                        + " or "
                                        + m.group(3)
                                        + "?"));
        rule("What pattern does THE have\\?", m -> word(shape(m.group(1)).texture()));
        rule(
                "(?:What is the texture of|How is the surface of) THE\\?",
                m -> word(shape(m.group(1)).texture()));
        rule("Is THE plain, striped or dotted\\?", m -> word(shape(m.group(1)).texture()));
        rule(
                "(?:Where is|Where in the picture is|In which part of the picture is|What is the position of) THE\\?",
                m -> place(one(m.group(1))));
        rule("Where can I find THE\\?", m -> place(one(m.group(1))));
        rule("(?:What digit|Which digit|Read the digit|Which number).*", m -> text(true));
        rule("(?:What word|Which word|Read the word|What does the text say).*", m -> text(false));
        rule(
                "(?:Is the background|How bright is the|What is the background).*",
                m -> word(scene.tone()));
        rule(
                "Is THE to the left, to the right, above or below THE\\?",
                m -> direction(one(m.group(1)), one(m.group(2))));
        rule(
                "(?:What is|Which thing is|What can you see) (to the left of|to the right of|above|below) THE\\?",
                m -> name(onlyOneAt(m.group(1), one(m.group(2)))));
        rule(
                "(?:How many|Count the|What is the number of) (.+?)(?: are there| can you see| are in the picture)?[?.]",
                m -> NUMBERS.get(count(m.group(1))));
        rule(
                "Are there (exactly )?(\\w+) (.+)\\?",
                m -> {
                    int asked = NUMBERS.indexOf(m.group(2));
                    int there = count(m.group(3));
                    return yes(m.group(1) == null ? there >= asked : there == asked);
                });
        rule(
                "(?:Is there|Can you see|Does the picture show) anything (\\w+)(?: in the picture)?\\?",
                m ->
                        yes(
                                scene.things().stream()
                                        .anyMatch(t -> word(t.colour()).equals(m.group(1)))));
        rule(
                "(?:Is there|Can you see|Does the picture show) an? (?:(\\w+) )?(\\w+)(?: in the picture)?\\?",
                m ->
                        yes(
                                scene.shapes().stream()
                                        .anyMatch(
                                                s ->
                                                        word(s.shape()).equals(m.group(2))
                                                                && (m.group(1) == null
                                                                        || word(s.colour())
                                                                                .equals(
                                                                                        m.group(
                                                                                                1))))));
        rule(
                "Is THE (to the left of|to the right of|above|below) THE\\?",
                m -> yes(m.group(2).contains(direction(one(m.group(1)), one(m.group(3))))));
        rule("Is THE (small|large)\\?", m -> yes(size(shape(m.group(1))).equals(m.group(2))));
        rule(
                "Is THE (" + AT + ")\\?",
                m -> yes(placePhrase(m.group(2)).equals(place(one(m.group(1))))));
        rule("Is THE (\\w+)\\?", m -> yes(word(one(m.group(1)).colour()).equals(m.group(2))));
    }

    static String yes(boolean truth) {
        return truth ? "yes" : "no";
    }

    static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static double side(DrawnShape shape) {
        return Math.max(shape.box().width(), shape.box().height());
    }

    private static String size(DrawnShape shape) {
        return side(shape) > 0.28 ? "large" : "small";
    }

    private String text(boolean isDigit) {
        WrittenText text = scene.text().orElseThrow();
        if (Character.isDigit(text.text().charAt(0)) != isDigit) {
            throw new AssertionError("asks for the wrong kind of text");
        }
        return text.text();
    }

    static String name(Thing thing) {
        return thing instanceof DrawnShape shape
                ? word(shape.colour()) + " " + word(shape.shape())
                : text((WrittenText) thing);
    }

    private static String text(WrittenText text) {
        return (Character.isDigit(text.text().charAt(0)) ? "digit " : "word ") + text.text();
    }

    /** The column and the row of three, by the middles of the bands in between. */
    static String place(Thing thing) {
        String row = third(thing.box().centerY(), "top", "bottom");
        String column = third(thing.box().centerX(), "left", "right");
        String words = (row + " " + column).trim();
        return words.isEmpty() ? "center" : words;
    }

    private static String third(double position, String first, String last) {
        return position < 0.39 ? first : position > 0.61 ? last : "";
    }

    static String placePhrase(String phrase) {
        return phrase.replaceAll("^(in|at|on) the ", "").replaceAll(" corner$", "");
    }

    static String direction(Thing one, Thing other) {
        double dx = one.box().centerX() - other.box().centerX();
        double dy = one.box().centerY() - other.box().centerY();
        return Math.abs(dx) > Math.abs(dy)
                ? (dx < 0 ? "left" : "right")
                : (dy < 0 ? "above" : "below");
    }

    private Thing onlyOneAt(String side, Thing from) {
        String word = SIDES.stream().filter(side::contains).findFirst().orElseThrow();
        List<Thing> there =
                scene.things().stream()
                        .filter(thing -> thing != from)
                        .filter(thing -> isAt(thing, from, word))
                        .toList();
        return only(there, side);
    }

    private static boolean isAt(Thing thing, Thing from, String side) {
        double dx = thing.box().centerX() - from.box().centerX();
        double dy = thing.box().centerY() - from.box().centerY();
        return switch (side) {
            case "left" -> dx < 0;
            case "right" -> dx > 0;
            case "above" -> dy < 0;
            default -> dy > 0;
        };
    }

    int count(String plural) {
        return (int) scene.shapes().stream().filter(kind(plural)).count();
    }

    private static Predicate<DrawnShape> kind(String plural) {
        String[] words = plural.split(" ");
        String noun = words[words.length - 1];
        Predicate<DrawnShape> kind =
                shape ->
                        noun.equals("shapes")
                                || noun.equals(word(shape.shape()) + "s")
                                || noun.equals("crosses") && word(shape.shape()).equals("cross");
        for (String word : Arrays.copyOf(words, words.length - 1)) {
            kind = kind.and(shape -> has(shape, word));
        }
        return kind;
    }

    private static boolean has(DrawnShape shape, String word) {
        return word(shape.colour()).equals(word)
                || word(shape.texture()).equals(word)
                || size(shape).equals(word);
    }

    DrawnShape shape(String phrase) {
        return (DrawnShape) one(phrase);
    }

    /** The only thing that words can mean. */
    Thing one(String phrase) {
        Matcher matcher = PHRASE.matcher(phrase);
        if (!matcher.matches()) {
            throw new AssertionError("nobody can tell what is meant by " + phrase);
        }
        String noun = matcher.group(4);
        List<Thing> meant = new ArrayList<>();
        for (Thing thing : scene.things()) {
            boolean fits =
                    isA(thing, noun)
                            && (matcher.group(1) == null
                                    || thing instanceof DrawnShape s
                                            && size(s).equals(matcher.group(1)))
                            && (matcher.group(2) == null
                                    || thing instanceof DrawnShape t
                                            && word(t.texture()).equals(matcher.group(2)))
                            && (matcher.group(3) == null
                                    || word(thing.colour()).equals(matcher.group(3)))
                            && (matcher.group(5) == null
                                    || thing instanceof WrittenText w
                                            && w.text().equals(matcher.group(5)))
                            && (matcher.group(6) == null
                                    || place(thing).equals(placePhrase(matcher.group(6))));
            if (fits) {
                meant.add(thing);
            }
        }
        return only(meant, phrase);
    }

    private static boolean isA(Thing thing, String noun) {
        return switch (noun) {
            case "object" -> true;
            case "shape" -> thing instanceof DrawnShape;
            case "digit", "word" ->
                    thing instanceof WrittenText text && text(text).startsWith(noun);
            default -> thing instanceof DrawnShape shape && word(shape.shape()).equals(noun);
        };
    }

    private static Thing only(List<Thing> things, String words) {
        if (things.size() != 1) {
            throw new AssertionError("'" + words + "' means " + things);
        }
        return things.get(0);
    }

    List<Thing> fromLeftToRight() {
        return scene.things().stream()
                .sorted(Comparator.comparingDouble(thing -> thing.box().centerX()))
                .toList();
    }
}
