package io.sightmill.tuning.instruct;

import io.sightmill.tuning.Dice;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Questions with short answers that can be checked: what conversations consist of, and what an
 * evaluation asks, of other pictures.
 */
public final class Questions {

    private static final int TRIES = 12;
    private static final int ROUNDS = 4;
    static final int EMPHASIS = 3;
    private static final Map<Skill, QuestionMaker> MAKERS = new EnumMap<>(Skill.class);

    static {
        MAKERS.put(Skill.COLOUR, AttributeQuestions::colour);
        MAKERS.put(Skill.SHAPE, AttributeQuestions::shape);
        MAKERS.put(Skill.COUNT, CountQuestions::ask);
        MAKERS.put(Skill.POSITION, AttributeQuestions::position);
        MAKERS.put(Skill.RELATION, RelationQuestions::ask);
        MAKERS.put(Skill.SIZE, AttributeQuestions::size);
        MAKERS.put(Skill.DIGIT, AttributeQuestions::digit);
        MAKERS.put(Skill.WORD, AttributeQuestions::word);
        MAKERS.put(Skill.YES_NO, YesNoQuestions::ask);
        MAKERS.put(Skill.TEXTURE, AttributeQuestions::texture);
        MAKERS.put(Skill.BACKGROUND, AttributeQuestions::background);
    }

    private Questions() {}

    /** A question that asks for a skill; empty if the picture gives no occasion. */
    public static Optional<Question> ask(Picture picture, Skill skill, Dice dice) {
        for (int index = 0; index < TRIES; index++) {
            Optional<Question> question = MAKERS.get(skill).ask(picture, dice);
            if (question.isPresent()) {
                return question;
            }
        }
        return Optional.empty();
    }

    /**
     * Up to so many questions, for one skill after the other in random order, no text twice.
     *
     * @param emphasis skills that come up {@value #EMPHASIS} times where others come up once
     */
    static List<Question> ask(Picture picture, int most, Set<Skill> emphasis, Dice dice) {
        List<Question> questions = new ArrayList<>();
        Set<String> asked = new HashSet<>();
        for (int round = 0; round < ROUNDS && questions.size() < most; round++) {
            List<Skill> skills = round(emphasis);
            dice.shuffle(skills);
            for (Skill skill : skills) {
                if (questions.size() < most) {
                    ask(picture, skill, dice)
                            .filter(question -> asked.add(question.text()))
                            .ifPresent(questions::add);
                }
            }
        }
        return questions;
    }

    private static List<Skill> round(Set<Skill> emphasis) {
        List<Skill> skills = new ArrayList<>(List.of(Skill.values()));
        // In the order of the enumeration: a set's own order is not the same in every process.
        for (Skill skill : Skill.values()) {
            if (emphasis.contains(skill)) {
                skills.addAll(Collections.nCopies(EMPHASIS - 1, skill));
            }
        }
        return skills;
    }
}
