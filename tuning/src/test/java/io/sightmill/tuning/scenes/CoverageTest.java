package io.sightmill.tuning.scenes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sightmill.tuning.captions.Shape;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CoverageTest {

    private static final int SIDE = 96;

    private final Coverage coverage = new Coverage(SIDE);

    @Test
    void coversEveryPixelOfARectangleByItsShare() {
        coverage.cover(rectangle(10.25, 20.5, 13, 22));

        assertThat(coverage.at(10, 20)).isCloseTo(0.375f, within(1e-5f));
        assertThat(coverage.at(11, 20)).isCloseTo(0.5f, within(1e-5f));
        assertThat(coverage.at(11, 21)).isCloseTo(1f, within(1e-5f));
        assertThat(coverage.at(13, 21)).isCloseTo(0f, within(1e-5f));
        assertThat(coverage.area()).isCloseTo(2.75 * 1.5, within(1e-4));
    }

    @Test
    void cutsOffWhatIsOutsideThePicture() {
        coverage.cover(rectangle(-5, -7, 3, 2));

        assertThat(coverage.area()).isCloseTo(6, within(1e-4));
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void fillsWhatJava2dFills(Shape shape) {
        Outline outline = ShapeOutlines.of(shape).turned(0.3).fitted(0.5, 0.48, 0.6);

        coverage.cover(outline);

        BufferedImage expected = filledByJava2d(outline);
        double difference = 0;
        for (int y = 0; y < SIDE; y++) {
            for (int x = 0; x < SIDE; x++) {
                float here = y < coverage.top() || y >= coverage.bottom() ? 0 : coverage.at(x, y);
                difference += Math.abs(here - (expected.getRGB(x, y) & 255) / 255.0);
            }
        }
        assertThat(difference / coverage.area()).isLessThan(0.01);
    }

    private static BufferedImage filledByJava2d(Outline outline) {
        Path2D path = new Path2D.Double(Path2D.WIND_NON_ZERO);
        for (double[] contour : outline.contours()) {
            path.moveTo(contour[0] * SIDE, contour[1] * SIDE);
            for (int index = 2; index < contour.length; index += 2) {
                path.lineTo(contour[index] * SIDE, contour[index + 1] * SIDE);
            }
            path.closePath();
        }
        BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setRenderingHint(
                RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setRenderingHint(
                RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        graphics.setColor(Color.WHITE);
        graphics.fill(path);
        graphics.dispose();
        return image;
    }

    /** In pixels. */
    private static Outline rectangle(double left, double top, double right, double bottom) {
        double[] points = {left, top, right, top, right, bottom, left, bottom};
        for (int index = 0; index < points.length; index++) {
            points[index] /= SIDE;
        }
        return new Outline(new double[][] {points});
    }
}
