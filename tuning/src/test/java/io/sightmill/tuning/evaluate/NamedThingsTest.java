package io.sightmill.tuning.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightmill.tuning.captions.Box;
import io.sightmill.tuning.captions.Colour;
import io.sightmill.tuning.captions.DrawnShape;
import io.sightmill.tuning.captions.Shape;
import io.sightmill.tuning.captions.Size;
import io.sightmill.tuning.captions.Texture;
import io.sightmill.tuning.captions.Thing;
import io.sightmill.tuning.captions.WrittenText;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamedThingsTest {

    private static final Box BOX = new Box(0.1, 0.1, 0.3, 0.3);

    /** Two red circles, a blue star, the digit 7. */
    private static final List<Thing> THINGS =
            List.of(
                    shape(Shape.CIRCLE, Colour.RED),
                    shape(Shape.CIRCLE, Colour.RED),
                    shape(Shape.STAR, Colour.BLUE),
                    new WrittenText(Colour.WHITE, "7", BOX));

    private static Thing shape(Shape shape, Colour colour) {
        return new DrawnShape(shape, colour, Texture.PLAIN, Size.SMALL, BOX);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "A red circle, a small red circle, a striped blue star and the white digit 7.|4|4",
                "Two red circles and a star.|3|3",
                "A red circle.|1|1",
                "A blue circle and a red star.|2|0",
                "Three red circles.|3|2",
                "A circle, a circle and a circle.|3|2",
                "The white digit 1.|1|0",
                "Nothing at all.|0|0",
                "a red and a circle|1|1",
                "The word SEVEN and the digit seven.|2|1"
            })
    void countsWhatACaptionNames(String caption, int named, int right) {
        assertThat(NamedThings.of(caption, THINGS)).isEqualTo(new NamedThings(named, right, 4));
    }
}
