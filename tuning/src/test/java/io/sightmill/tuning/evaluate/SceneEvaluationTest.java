package io.sightmill.tuning.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightmill.tuning.instruct.Skill;
import io.sightmill.tuning.scenes.SceneGenerator;
import io.sightmill.tuning.scenes.SceneOptions;
import io.sightmill.tuning.scenes.SceneSeed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SceneEvaluationTest {

    private static final int SCENES = 200;

    private final SceneEvaluation evaluation =
            new SceneEvaluation(new EvaluationOptions(SCENES, 3, 32, SceneOptions.defaults()));

    private final List<Reply> replies = new ArrayList<>();

    /** Knows the answers of its scenes, says nothing of black pictures, answers all at the end. */
    private static final class Examiner implements Respondent {

        private final Map<String, SceneExam> exams = new HashMap<>();
        private final List<Runnable> held = new ArrayList<>();

        private Examiner() {
            SceneGenerator generator = new SceneGenerator(SceneOptions.defaults());
            for (int index = 0; index < SCENES; index++) {
                exams.put(
                        "scene " + index,
                        SceneExam.of(generator.scene(SceneSeed.evaluation(3, index))));
            }
        }

        @Override
        public void ask(Inquiry inquiry, Replies replies) {
            List<String> texts = new ArrayList<>();
            SceneExam exam = exams.get(inquiry.id());
            if (exam == null) {
                inquiry.asked().forEach(asked -> texts.add("I see nothing"));
            } else {
                exam.questions().forEach(question -> texts.add(question.answer()));
                texts.add(exam.caption());
            }
            held.add(() -> replies.answered(texts));
        }

        @Override
        public void finish() {
            held.forEach(Runnable::run);
        }

        @Override
        public void close() {}
    }

    private SceneScores[] run() {
        replies.clear();
        return evaluation.run(new Examiner(), replies::add, asked -> true);
    }

    @Test
    void findsAModelThatKnowsAllToKnowAllAndABlindOneNothing() {
        SceneScores[] scores = run();

        for (Skill skill : Skill.values()) {
            assertThat(scores[0].of(skill).asked()).as(skill.key()).isGreaterThan(15);
            assertThat(scores[0].of(skill).share()).as(skill.key()).isEqualTo(1);
            assertThat(scores[1].of(skill)).isEqualTo(new Tally(scores[0].of(skill).asked(), 0));
        }
        assertThat(scores[0].named().share()).isEqualTo(1);
        assertThat(scores[0].present().share()).isEqualTo(1);
        assertThat(scores[1].present().right()).isZero();
        assertThat(replies).filteredOn(Reply::isBlackedOut).hasSize(replies.size() / 2);
    }

    @Test
    void asksTheSameOfTheSameSeedAndOnlyWhatNoneCanTrainWith() {
        run();
        List<Reply> first = List.copyOf(replies);
        run();

        assertThat(replies).isEqualTo(first);
        assertThat(replies)
                .allMatch(
                        reply ->
                                new SceneSeed(Long.parseUnsignedLong(reply.scene(), 16))
                                        .isForEvaluation());
    }
}
