package io.sightmill.tuning.instruct;

import io.sightmill.tuning.Dice;
import java.util.Optional;

/** Asks one kind of question. */
interface QuestionMaker {

    /** A question with its answer; empty if the picture gives no occasion for one without doubt. */
    Optional<Question> ask(Picture picture, Dice dice);
}
