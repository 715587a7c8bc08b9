package io.sightmill.tuning.evaluate;

import io.sightmill.tuning.instruct.Question;
import io.sightmill.tuning.instruct.Skill;
import java.util.List;
import java.util.Set;

/**
 * Whether a reply is right. It is if the words in it that can be an answer are those of the right
 * one and no others: a reply that hedges is wrong, one in a whole sentence is not.
 */
public final class Grader {

    /** What may stand around a word that was read. */
    private static final Set<String> AROUND_A_WORD =
            Set.of(
                    "the", "a", "word", "text", "is", "it", "says", "say", "reads", "written",
                    "shown", "in", "picture", "image", "there");

    private Grader() {}

    /** Whether this reply to the question, in whatever words, is right. */
    public static boolean isRight(Question question, String reply) {
        String answer = question.answer();
        return switch (question.skill()) {
            case COLOUR -> same(Vocabulary.COLOURS, answer, reply);
            case SHAPE -> same(Vocabulary.SHAPES, answer, reply);
            case COUNT, DIGIT -> same(Vocabulary.NUMBERS, answer, reply);
            case POSITION -> isRightPlace(answer, reply);
            case RELATION, SIZE -> isRightChoice(question, reply);
            case WORD -> isRightWord(answer, reply);
            case YES_NO -> same(Vocabulary.TRUTHS, answer, reply);
            case TEXTURE -> same(Vocabulary.TEXTURES, answer, reply);
            case BACKGROUND -> same(Vocabulary.TONES, answer, reply);
        };
    }

    private static boolean same(Vocabulary vocabulary, String answer, String reply) {
        return vocabulary.in(reply).equals(vocabulary.in(answer));
    }

    /** The centre counts only where nothing else is said: the top center is the top. */
    private static boolean isRightPlace(String answer, String reply) {
        Set<String> said = Vocabulary.PLACES.in(reply);
        if (said.size() > 1) {
            said.remove("center");
        }
        return said.equals(Vocabulary.PLACES.in(answer));
    }

    /** A side or a size; or a thing by its name. */
    private static boolean isRightChoice(Question question, String reply) {
        Vocabulary vocabulary =
                question.skill() == Skill.SIZE ? Vocabulary.SIZES : Vocabulary.SIDES;
        if (!vocabulary.in(question.answer()).isEmpty()) {
            return same(vocabulary, question.answer(), reply);
        }
        List<String> words = Vocabulary.tokens(question.answer());
        return words.get(0).equals("word")
                ? isRightWord(words.get(1), reply)
                : same(Vocabulary.NAMES, question.answer(), reply);
    }

    private static boolean isRightWord(String answer, String reply) {
        List<String> said =
                Vocabulary.tokens(reply).stream()
                        .filter(
                                token ->
                                        !AROUND_A_WORD.contains(token)
                                                || token.equalsIgnoreCase(answer))
                        .distinct()
                        .toList();
        return said.equals(Vocabulary.tokens(answer));
    }
}
