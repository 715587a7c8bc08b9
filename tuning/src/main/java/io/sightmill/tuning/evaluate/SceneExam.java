package io.sightmill.tuning.evaluate;

import io.sightmill.tuning.Dice;
import io.sightmill.tuning.instruct.Descriptions;
import io.sightmill.tuning.instruct.Picture;
import io.sightmill.tuning.instruct.Question;
import io.sightmill.tuning.instruct.Questions;
import io.sightmill.tuning.instruct.Skill;
import io.sightmill.tuning.scenes.Scene;
import io.sightmill.tuning.scenes.SceneCaptions;
import java.util.ArrayList;
import java.util.List;

/**
 * What is asked about one scene: a question a skill where it gives occasion, and a caption last. In
 * the words that conversations are made of, about a scene that none was made of.
 */
record SceneExam(Scene scene, List<Question> questions, String captionRequest, String caption) {

    private static final int SHORT_TOKENS = 32;
    private static final int CAPTION_TOKENS = 128;

    /** Which part of a scene's dice asks. */
    private static final long PART = 4;

    static SceneExam of(Scene scene) {
        Dice dice = Dice.of(scene.seed().value(), PART);
        Picture picture = Picture.of(SceneCaptions.of(scene, "-", "-"));
        List<Question> questions = new ArrayList<>();
        for (Skill skill : Skill.values()) {
            Questions.ask(picture, skill, dice).ifPresent(questions::add);
        }
        return new SceneExam(
                scene, questions, dice.pick(Descriptions.BRIEF), Descriptions.brief(picture));
    }

    List<Inquiry.Asked> asked() {
        List<Inquiry.Asked> asked = new ArrayList<>();
        questions.forEach(question -> asked.add(new Inquiry.Asked(question.text(), SHORT_TOKENS)));
        asked.add(new Inquiry.Asked(captionRequest, CAPTION_TOKENS));
        return asked;
    }
}
