package io.sightmill.tuning.instruct;

import io.sightmill.tuning.Dice;
import io.sightmill.tuning.captions.CaptionedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The teacher in the box: composes questions and answers from what captions and boxes say, in many
 * words, none of them untrue. Answers of conversations are short; the others are sentences.
 */
public final class ComposingTeacher implements Teacher {

    private static final double CAPTION_SHARE = 0.35;

    private final int mostExchanges;
    private final Set<Skill> emphasis;

    /**
     * @param mostExchanges most questions of a conversation, at least 1
     */
    public ComposingTeacher(int mostExchanges) {
        this(mostExchanges, Set.of());
    }

    /**
     * @param mostExchanges most questions of a conversation, at least 1
     * @param emphasis skills that conversations ask for three times as often as for others
     */
    public ComposingTeacher(int mostExchanges, Set<Skill> emphasis) {
        if (mostExchanges < 1) {
            throw new IllegalArgumentException(
                    "mostExchanges is " + mostExchanges + " and must be at least 1");
        }
        this.mostExchanges = mostExchanges;
        this.emphasis = Set.copyOf(emphasis);
    }

    @Override
    public Lesson teach(CaptionedImage image, SampleKind kind, Dice dice)
            throws TeachingFailedException {
        try {
            return new Lesson(exchanges(Picture.of(image), kind, dice), Lesson.Usage.NONE);
        } catch (IllegalArgumentException e) {
            throw new TeachingFailedException(e.getMessage(), Lesson.Usage.NONE, e);
        }
    }

    /** The same of a picture that is understood already. */
    public List<Exchange> exchanges(Picture picture, SampleKind kind, Dice dice) {
        return switch (kind) {
            case CONVERSATION -> conversation(picture, dice);
            case DETAIL ->
                    List.of(
                            new Exchange(
                                    dice.pick(Descriptions.DETAILED),
                                    Descriptions.detailed(picture, dice)));
            case REASONING -> List.of(Reasoning.ask(picture, dice));
        };
    }

    private List<Exchange> conversation(Picture picture, Dice dice) {
        List<Exchange> exchanges = new ArrayList<>();
        if (dice.chance(CAPTION_SHARE)) {
            exchanges.add(new Exchange(dice.pick(Descriptions.BRIEF), Descriptions.brief(picture)));
        }
        int most = Math.max(1, mostExchanges - exchanges.size());
        int asked = dice.within(1, most);
        for (Question question : Questions.ask(picture, asked, emphasis, dice)) {
            exchanges.add(new Exchange(question.text(), question.answer()));
        }
        return exchanges;
    }
}
