package io.sightmill.tuning.scenes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightmill.tuning.captions.Box;
import io.sightmill.tuning.captions.Colour;
import io.sightmill.tuning.captions.DrawnShape;
import io.sightmill.tuning.captions.Shape;
import io.sightmill.tuning.captions.Size;
import io.sightmill.tuning.captions.Texture;
import io.sightmill.tuning.captions.Tone;
import io.sightmill.tuning.captions.WrittenText;
import java.awt.geom.Area;
import java.awt.geom.Path2D;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SceneGeneratorTest {

    private static final List<Scene> SCENES = scenes(SceneOptions.defaults(), 4_000);

    private static List<Scene> scenes(SceneOptions options, int count) {
        SceneGenerator generator = new SceneGenerator(options);
        return IntStream.range(0, count)
                .mapToObj(index -> generator.scene(SceneSeed.training(7, index)))
                .toList();
    }

    @Test
    void drawsEveryWordOften() {
        Map<Object, Integer> seen = new HashMap<>();
        for (Scene scene : SCENES) {
            seen.merge(scene.tone(), 1, Integer::sum);
            seen.merge(scene.shapes().size(), 1, Integer::sum);
            for (DrawnShape shape : scene.shapes()) {
                seen.merge(shape.shape(), 1, Integer::sum);
                seen.merge(shape.colour(), 1, Integer::sum);
                seen.merge(shape.texture(), 1, Integer::sum);
                seen.merge(shape.size(), 1, Integer::sum);
            }
            scene.text().ifPresent(text -> seen.merge(text.text(), 1, Integer::sum));
        }
        for (Tone tone : Tone.values()) {
            assertThat(seen.get(tone)).isGreaterThan(1_200);
        }
        for (int count = 1; count <= 5; count++) {
            assertThat(seen.get(count)).isBetween(700, 900);
        }
        for (Shape shape : Shape.values()) {
            assertThat(seen.get(shape)).isBetween(1_000, 1_400);
        }
        for (Colour colour : Colour.values()) {
            assertThat(seen.get(colour)).isGreaterThan(700);
        }
        for (Texture texture : Texture.values()) {
            assertThat(seen.get(texture)).isGreaterThan(900);
        }
        for (Size size : Size.values()) {
            assertThat(seen.get(size)).isGreaterThan(3_000);
        }
        for (int digit = 0; digit <= 9; digit++) {
            assertThat(seen.get(String.valueOf(digit))).isBetween(60, 140);
        }
        assertThat(seen).containsKeys(ShortWords.ALL.toArray());
    }

    @Test
    void leavesMostOfEveryShapeToBeSeen() {
        int covered = 0;
        for (Scene scene : SCENES.subList(0, 1_500)) {
            List<SceneShape> painted = scene.paintedShapes();
            for (int index = 0; index < painted.size(); index++) {
                double visible = visibleByJava2d(painted, index);
                assertThat(visible).isGreaterThan(SceneOptions.LEAST_VISIBLE - 0.03);
                assertThat(scene.visible(index)).isBetween(visible - 0.04, visible + 0.04);
                covered += visible < 0.95 ? 1 : 0;
            }
        }
        assertThat(covered).isGreaterThan(100);
    }

    private static double visibleByJava2d(List<SceneShape> painted, int index) {
        Area whole = area(painted.get(index).outline());
        Area left = new Area(whole);
        for (SceneShape over : painted.subList(index + 1, painted.size())) {
            left.subtract(area(over.outline()));
        }
        return area(left) / area(whole);
    }

    private static Area area(Outline outline) {
        Path2D path = new Path2D.Double(Path2D.WIND_NON_ZERO);
        for (double[] contour : outline.contours()) {
            path.moveTo(contour[0], contour[1]);
            for (int index = 2; index < contour.length; index += 2) {
                path.lineTo(contour[index], contour[index + 1]);
            }
            path.closePath();
        }
        return new Area(path);
    }

    /** By the trapezes below the edges of its polygons. */
    private static double area(Area area) {
        double sum = 0;
        double[] point = new double[6];
        double[] first = new double[2];
        double[] last = new double[2];
        for (var edges = area.getPathIterator(null); !edges.isDone(); edges.next()) {
            switch (edges.currentSegment(point)) {
                case java.awt.geom.PathIterator.SEG_MOVETO -> {
                    first = new double[] {point[0], point[1]};
                    last = first;
                }
                case java.awt.geom.PathIterator.SEG_LINETO -> {
                    sum += (point[0] - last[0]) * (point[1] + last[1]) / 2;
                    last = new double[] {point[0], point[1]};
                }
                default -> sum += (first[0] - last[0]) * (first[1] + last[1]) / 2;
            }
        }
        return Math.abs(sum);
    }

    @Test
    void coversNoText() {
        for (Scene scene : SCENES) {
            if (scene.text().isPresent()) {
                WrittenText text = scene.text().get();
                assertThat(scene.shapes()).noneMatch(shape -> meet(shape.box(), text.box()));
            }
        }
    }

    private static boolean meet(Box one, Box other) {
        return one.left() < other.right()
                && other.left() < one.right()
                && one.top() < other.bottom()
                && other.top() < one.bottom();
    }

    @Test
    void showsNoColourOnABackgroundOfItsOwn() {
        for (Scene scene : SCENES) {
            assertThat(scene.things())
                    .noneMatch(
                            thing ->
                                    scene.tone() == Tone.LIGHT && thing.colour() == Colour.WHITE
                                            || scene.tone() == Tone.DARK
                                                    && thing.colour() == Colour.BLACK);
        }
    }

    @Test
    void drawsAsManyShapesAsTheCurriculumSays() {
        SceneOptions options = SceneOptions.defaults().withShapes(2, 3);

        assertThat(scenes(options, 200))
                .allMatch(scene -> scene.shapes().size() == 2 || scene.shapes().size() == 3)
                .anyMatch(scene -> scene.shapes().size() == 2)
                .anyMatch(scene -> scene.shapes().size() == 3);
    }

    @Test
    void refusesCurriculaThatCannotBe() {
        assertThatThrownBy(() -> SceneOptions.defaults().withShapes(3, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "minShapes is 3 and maxShapes 2; they must be from 1 to 5 and in this order");
        assertThatThrownBy(() -> new SceneOptions(1, 5, 1.5, 0, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("textShare is 1.5 and must be from 0 to 1");
    }
}
