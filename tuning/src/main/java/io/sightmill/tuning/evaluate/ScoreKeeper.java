package io.sightmill.tuning.evaluate;

import io.sightmill.tuning.instruct.Question;
import io.sightmill.tuning.instruct.Skill;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Marks replies and adds up. Used by one thread. */
final class ScoreKeeper {

    private final Map<Skill, Tally> skills = new EnumMap<>(Skill.class);
    private final boolean isBlackedOut;
    private final Consumer<Reply> listener;
    private Tally named = Tally.NONE;
    private Tally present = Tally.NONE;

    ScoreKeeper(boolean isBlackedOut, Consumer<Reply> listener) {
        this.isBlackedOut = isBlackedOut;
        this.listener = listener;
    }

    /**
     * @param replies one a question, and the caption
     */
    void mark(SceneExam exam, List<String> replies) {
        for (int index = 0; index < exam.questions().size(); index++) {
            Question question = exam.questions().get(index);
            boolean isRight = Grader.isRight(question, replies.get(index));
            skills.merge(question.skill(), new Tally(1, isRight ? 1 : 0), Tally::plus);
            hear(
                    exam,
                    question.skill().key(),
                    question.text(),
                    question.answer(),
                    replies.get(index),
                    isRight);
        }
        markCaption(exam, replies.get(exam.questions().size()));
    }

    private void markCaption(SceneExam exam, String reply) {
        NamedThings things = NamedThings.of(reply, exam.scene().things());
        named = named.plus(things.named(), things.right());
        present = present.plus(things.present(), things.right());
        boolean isRight = things.right() == things.named() && things.right() == things.present();
        hear(exam, "caption", exam.captionRequest(), exam.caption(), reply, isRight);
    }

    private void hear(
            SceneExam exam,
            String skill,
            String question,
            String answer,
            String reply,
            boolean isRight) {
        listener.accept(
                new Reply(
                        exam.scene().seed().toString(),
                        skill,
                        question,
                        answer,
                        reply,
                        isBlackedOut,
                        isRight));
    }

    SceneScores scores() {
        return new SceneScores(skills, named, present);
    }
}
