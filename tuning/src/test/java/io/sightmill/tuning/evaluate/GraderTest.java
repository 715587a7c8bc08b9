package io.sightmill.tuning.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightmill.tuning.instruct.Question;
import io.sightmill.tuning.instruct.Skill;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GraderTest {

    @ParameterizedTest
    @CsvSource({
        "COLOUR, red, red, true",
        "COLOUR, red, The circle is Red., true",
        "COLOUR, red, red or blue, false",
        "COLOUR, red, '', false",
        "SHAPE, moon, It is a crescent., true",
        "SHAPE, cross, crosses, true",
        "SHAPE, square, a red circle, false",
        "COUNT, three, 3, true",
        "COUNT, three, There are three red circles., true",
        "COUNT, three, four, false",
        "POSITION, top left, In the upper left corner, true",
        "POSITION, top, top center, true",
        "POSITION, center, in the middle, true",
        "POSITION, top left, top, false",
        "POSITION, top, top left, false",
        "RELATION, left, to the left of the circle, true",
        "RELATION, above, over, true",
        "RELATION, above, below, false",
        "RELATION, red circle, The red circle., true",
        "RELATION, red circle, the red square, false",
        "RELATION, red circle, the red circle and the blue star, false",
        "RELATION, word STOP, The word STOP, true",
        "RELATION, digit 7, the digit 7, true",
        "RELATION, digit 7, the digit 1, false",
        "SIZE, large, It is big, true",
        "SIZE, large, small, false",
        "SIZE, red circle, the red circle is larger, true",
        "DIGIT, 7, seven, true",
        "DIGIT, 7, 77, false",
        "WORD, STOP, 'The word is \"stop\".', true",
        "WORD, STOP, STOPS, false",
        "WORD, IN, IN, true",
        "WORD, NO, ON, false",
        "YES_NO, yes, 'Yes, there is.', true",
        "YES_NO, no, 'No, it is not.', true",
        "YES_NO, yes, yes and no, false",
        "TEXTURE, striped, It has stripes., true",
        "BACKGROUND, grey, gray, true"
    })
    void marksAReplyByTheWordsThatCanBeAnAnswer(
            Skill skill, String answer, String reply, boolean isRight) {
        assertThat(Grader.isRight(new Question(skill, "?", answer), reply)).isEqualTo(isRight);
    }
}
