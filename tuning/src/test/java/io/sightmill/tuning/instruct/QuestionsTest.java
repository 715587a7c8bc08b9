package io.sightmill.tuning.instruct;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightmill.tuning.Dice;
import io.sightmill.tuning.scenes.Scene;
import io.sightmill.tuning.scenes.SceneCaptions;
import io.sightmill.tuning.scenes.SceneGenerator;
import io.sightmill.tuning.scenes.SceneOptions;
import io.sightmill.tuning.scenes.SceneSeed;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class QuestionsTest {

    private static final int SCENES = 3_000;

    private static final List<Seen> SEEN = look();

    private record Seen(Scene scene, Picture picture) {}

    private static List<Seen> look() {
        SceneGenerator generator = new SceneGenerator(SceneOptions.defaults());
        return IntStream.range(0, SCENES)
                .mapToObj(index -> generator.scene(SceneSeed.training(11, index)))
                .map(scene -> new Seen(scene, Picture.of(SceneCaptions.of(scene, "-", "-"))))
                .toList();
    }

    @ParameterizedTest
    @EnumSource(Skill.class)
    void answersNothingThatIsNotTrueOfTheScene(Skill skill) {
        Map<String, Integer> answers = new HashMap<>();
        Set<String> wordings = new HashSet<>();
        int asked = 0;
        for (int index = 0; index < SCENES; index++) {
            Scene scene = SEEN.get(index).scene();
            Optional<Question> question =
                    Questions.ask(SEEN.get(index).picture(), skill, new Dice(index));
            if (question.isPresent()) {
                String text = question.get().text();
                assertThat(question.get().answer())
                        .as("%s of %s", text, scene.things())
                        .isEqualTo(new Oracle(scene).answer(text));
                answers.merge(question.get().answer(), 1, Integer::sum);
                wordings.add(text);
                asked++;
            }
        }
        int often = asked;
        assertThat(asked).isGreaterThan(300);
        assertThat(answers)
                .as("what is easily guessed")
                .allSatisfy((answer, count) -> assertThat(count).isLessThan(often * 2 / 3));
        assertThat(wordings).hasSizeGreaterThan(2);
    }

    @Test
    void asksMoreOftenForWhatIsEmphasized() {
        Map<Skill, Integer> evenly = asked(Set.of());
        Map<Skill, Integer> emphasized = asked(EnumSet.of(Skill.YES_NO, Skill.RELATION));

        assertThat(emphasized.get(Skill.YES_NO)).isGreaterThan(evenly.get(Skill.YES_NO) * 3 / 2);
        assertThat(emphasized.get(Skill.RELATION))
                .isGreaterThan(evenly.get(Skill.RELATION) * 3 / 2);
        assertThat(emphasized.get(Skill.COLOUR)).isBetween(1, evenly.get(Skill.COLOUR) - 1);
    }

    private static Map<Skill, Integer> asked(Set<Skill> emphasis) {
        Map<Skill, Integer> asked = new EnumMap<>(Skill.class);
        for (int index = 0; index < SCENES; index++) {
            Questions.ask(SEEN.get(index).picture(), 6, emphasis, new Dice(index))
                    .forEach(question -> asked.merge(question.skill(), 1, Integer::sum));
        }
        return asked;
    }
}
