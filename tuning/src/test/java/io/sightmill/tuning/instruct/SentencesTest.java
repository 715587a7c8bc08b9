package io.sightmill.tuning.instruct;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightmill.tuning.Dice;
import io.sightmill.tuning.captions.DrawnShape;
import io.sightmill.tuning.captions.Thing;
import io.sightmill.tuning.captions.WrittenText;
import io.sightmill.tuning.scenes.Scene;
import io.sightmill.tuning.scenes.SceneCaptions;
import io.sightmill.tuning.scenes.SceneGenerator;
import io.sightmill.tuning.scenes.SceneOptions;
import io.sightmill.tuning.scenes.SceneSeed;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Long answers, read sentence by sentence and held against the scene itself. */
class SentencesTest {

    private static final int SCENES = 2_500;
    private static final List<String> NUMBERS =
            List.of("Zero", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight");
    private static final Pattern NAMED =
            Pattern.compile(
                    "(?:an? (small|large) )(?:(striped|dotted) )?(\\w+) (\\w+)|the (\\w+) (digit|word) (\\w+)");

    private final SceneGenerator generator = new SceneGenerator(SceneOptions.defaults());
    private final ComposingTeacher teacher = new ComposingTeacher(4);
    private Scene scene;
    private Picture picture;

    private void look(long index) {
        scene = generator.scene(SceneSeed.training(13, index));
        picture = Picture.of(SceneCaptions.of(scene, "-", "-"));
    }

    @Test
    void namesEveryThingAndNothingElse() {
        for (int index = 0; index < SCENES; index++) {
            look(index);
            List<String> captions = new ArrayList<>();
            captions.add(Descriptions.brief(picture));
            captions.add(SceneCaptions.of(scene, "-", "-").captions().get(0));
            for (String caption : captions) {
                assertThat(named(caption)).as(caption).isEqualTo(present());
                assertThat(caption).endsWith(" " + Oracle.word(scene.tone()) + " background.");
            }
            String detailed = Descriptions.detailed(picture, new Dice(index));
            assertThat(named(detailed)).as(detailed).isEqualTo(present());
            checkPlaces(detailed);
        }
    }

    /** In the order of the words. */
    private static List<String> named(String text) {
        List<String> names = new ArrayList<>();
        Matcher matcher = NAMED.matcher(text.toLowerCase(Locale.ROOT));
        while (matcher.find()) {
            names.add(
                    matcher.group(6) != null
                            ? matcher.group(5) + " " + matcher.group(6) + " " + matcher.group(7)
                            : matcher.group(1)
                                    + " "
                                    + (matcher.group(2) == null ? "plain" : matcher.group(2))
                                    + " "
                                    + matcher.group(3)
                                    + " "
                                    + matcher.group(4));
        }
        return names;
    }

    private List<String> present() {
        return new Oracle(scene).fromLeftToRight().stream().map(SentencesTest::wholeName).toList();
    }

    private static String wholeName(Thing thing) {
        if (thing instanceof WrittenText text) {
            return Oracle.word(text.colour()) + " " + Oracle.name(text).toLowerCase(Locale.ROOT);
        }
        DrawnShape shape = (DrawnShape) thing;
        return Oracle.word(shape.size())
                + " "
                + Oracle.word(shape.texture())
                + " "
                + Oracle.name(shape);
    }

    private void checkPlaces(String detailed) {
        List<Thing> things = new Oracle(scene).fromLeftToRight();
        String[] sentences = detailed.split("(?<=\\.) ");
        for (int index = 0; index < things.size(); index++) {
            String sentence = sentences[index + 1];
            Matcher at =
                    Pattern.compile("(?i)\\b(in|at|on) the ([a-z]+(?: (?:left|right))?)")
                            .matcher(sentence);
            if (at.find()) {
                assertThat(at.group(2)).as(sentence).isEqualTo(Oracle.place(things.get(index)));
            } else {
                assertThat(sentence).matches("(There is|One can see) .*");
            }
        }
    }

    @Test
    void reasonsRightly() {
        Map<String, Integer> kinds = new HashMap<>();
        for (int index = 0; index < SCENES; index++) {
            look(index);
            Dice dice = new Dice(index);
            for (int round = 0; round < 3; round++) {
                Exchange exchange = teacher.exchanges(picture, SampleKind.REASONING, dice).get(0);
                kinds.merge(check(exchange.question(), exchange.answer()), 1, Integer::sum);
            }
        }
        assertThat(kinds)
                .hasSize(14)
                .allSatisfy((kind, count) -> assertThat(count).isGreaterThan(40));
    }

    /** The kind of the question. */
    private String check(String question, String answer) {
        Oracle oracle = new Oracle(scene);
        String result = answer.substring(0, answer.indexOf(':'));
        MatchResult m;
        if ((m = match(question, "(?:Are there|Does the picture have) more (\\w+) than (\\w+)\\?"))
                != null) {
            int one = oracle.count(m.group(1));
            int other = oracle.count(m.group(2));
            assertThat(result).as(question).isEqualTo(one > other ? "Yes" : "No");
            assertThat(numbers(answer)).containsExactly(one, other);
            return "numbers";
        }
        if ((m =
                        match(
                                question,
                                "Which of the two is (larger|smaller), (the .+) or (the .+), and why\\?"))
                != null) {
            String right =
                    oracle.answer(
                            "Which is %s, %s or %s?".formatted(m.group(1), m.group(2), m.group(3)));
            assertThat(result).isEqualTo("The " + right);
            return "sizes";
        }
        if ((m =
                        match(
                                question,
                                "(?:Do|Are) (the .+) and (the .+?) (?:have the|of the) same color\\?"))
                != null) {
            boolean same = oracle.one(m.group(1)).colour() == oracle.one(m.group(2)).colour();
            assertThat(result).isEqualTo(same ? "Yes" : "No");
            return "same colour";
        }
        if (question.startsWith("Which color")) {
            Map<String, Long> colours =
                    scene.shapes().stream()
                            .collect(
                                    Collectors.groupingBy(
                                            s -> Oracle.word(s.colour()), Collectors.counting()));
            long most = colours.get(result.toLowerCase(Locale.ROOT));
            assertThat(colours.values().stream().filter(count -> count >= most)).hasSize(1);
            assertThat(numbers(answer)).containsExactly((int) most, scene.shapes().size());
            return "common colour";
        }
        if ((m = match(question, "How many (?:of the )?shapes are not (\\w+)\\?")) != null) {
            int all = scene.shapes().size();
            int such = oracle.count(m.group(1) + " shapes");
            assertThat(numbers(answer)).containsExactly(all - such, all, such);
            return "others";
        }
        if (question.contains("colors")) {
            assertThat(NUMBERS.indexOf(result))
                    .isEqualTo(
                            (int)
                                    scene.shapes().stream()
                                            .map(DrawnShape::colour)
                                            .distinct()
                                            .count());
            return "colours";
        }
        if (question.contains("kinds of shapes")) {
            assertThat(NUMBERS.indexOf(result))
                    .isEqualTo(
                            (int)
                                    scene.shapes().stream()
                                            .map(DrawnShape::shape)
                                            .distinct()
                                            .count());
            return "kinds";
        }
        if ((m =
                        match(
                                question,
                                "(?:In which direction would you move to get|Which way is it) from (the .+) to (the .+)\\?"))
                != null) {
            String direction = Oracle.direction(oracle.one(m.group(2)), oracle.one(m.group(1)));
            String way =
                    Map.of(
                                    "left",
                                    "To the left",
                                    "right",
                                    "To the right",
                                    "above",
                                    "Up",
                                    "below",
                                    "Down")
                            .get(direction);
            assertThat(result).isEqualTo(way);
            return "direction";
        }
        if ((m =
                        match(
                                question,
                                "(?:Which thing|What) is (furthest|closest) to the (left|right|top|bottom)\\?"))
                != null) {
            Comparator<Thing> order = order(m.group(2));
            Thing first = scene.things().stream().min(order).orElseThrow();
            assertThat(result).isEqualTo("The " + Oracle.name(first));
            return "furthest";
        }
        if ((m =
                        match(
                                question,
                                "(?:Which thing is closest|What is the nearest thing) to (the .+)\\?"))
                != null) {
            Thing from = oracle.one(m.group(1));
            Thing nearest =
                    scene.things().stream()
                            .filter(thing -> thing != from)
                            .min(Comparator.comparingDouble(thing -> distance(thing, from)))
                            .orElseThrow();
            assertThat(result).isEqualTo("The " + Oracle.name(nearest));
            return "nearest";
        }
        if ((m =
                        match(
                                question,
                                "(?:If (the .+) were taken away, how many shapes would be left|How many shapes would remain without (the .+))\\?"))
                != null) {
            oracle.shape(m.group(1) == null ? m.group(2) : m.group(1));
            assertThat(numbers(answer))
                    .startsWith(scene.shapes().size() - 1, scene.shapes().size());
            return "taken away";
        }
        if ((m =
                        match(
                                question,
                                "If (\\w+) more \\w+ (?:was|were) added, how many (\\w+) would there be\\?"))
                != null) {
            int more = NUMBERS.indexOf(capital(m.group(1)));
            int there = oracle.count(m.group(2));
            assertThat(numbers(answer)).containsExactly(there + more, there, more);
            return "added";
        }
        if ((m =
                        match(
                                question,
                                "If (the .+) were painted (\\w+), how many \\w+ shapes would there be\\?"))
                != null) {
            assertThat(Oracle.word(oracle.shape(m.group(1)).colour())).isNotEqualTo(m.group(2));
            int there = oracle.count(m.group(2) + " shapes");
            assertThat(numbers(answer)).startsWith(there + 1, there);
            return "painted";
        }
        m =
                match(
                        question,
                        "If the picture were mirrored (left to right|top to bottom), where would (the .+) be\\?");
        assertThat(m).as(question).isNotNull();
        assertThat(Oracle.placePhrase(result.toLowerCase(Locale.ROOT)))
                .isEqualTo(
                        mirrored(Oracle.place(oracle.one(m.group(2))), m.group(1).split(" to ")));
        return "mirrored";
    }

    private static String mirrored(String place, String[] ends) {
        return place.contains(ends[0])
                ? place.replace(ends[0], ends[1])
                : place.replace(ends[1], ends[0]);
    }

    private static Comparator<Thing> order(String end) {
        return switch (end) {
            case "left" -> Comparator.comparingDouble(thing -> thing.box().centerX());
            case "right" -> Comparator.comparingDouble(thing -> -thing.box().centerX());
            case "top" -> Comparator.comparingDouble(thing -> thing.box().centerY());
            default -> Comparator.comparingDouble(thing -> -thing.box().centerY());
        };
    }

    private static double distance(Thing one, Thing other) {
        return Math.hypot(
                one.box().centerX() - other.box().centerX(),
                one.box().centerY() - other.box().centerY());
    }

    private static MatchResult match(String text, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        return matcher.matches() ? matcher.toMatchResult() : null;
    }

    private static List<Integer> numbers(String answer) {
        List<Integer> numbers = new ArrayList<>();
        for (String word : answer.split("[ :,.]+")) {
            int number = NUMBERS.indexOf(capital(word));
            if (number >= 0) {
                numbers.add(number);
            }
        }
        return numbers;
    }

    private static String capital(String word) {
        return Character.toUpperCase(word.charAt(0)) + word.substring(1);
    }
}
