package io.sightmill.tuning.scenes;

import io.sightmill.tuning.captions.DrawnShape;
import java.util.Objects;

/**
 * A shape in a scene.
 *
 * @param turn by how many radians it is turned
 * @param outline where it is, in shares of the picture's side
 * @param visible share of its area that nothing covers
 */
record SceneShape(DrawnShape shape, double turn, Outline outline, double visible) {

    public SceneShape {
        Objects.requireNonNull(shape, "shape");
        Objects.requireNonNull(outline, "outline");
        if (!(visible >= SceneOptions.LEAST_VISIBLE && visible <= 1)) {
            throw new IllegalArgumentException(
                    "visible is %s and must be from %s to 1"
                            .formatted(visible, SceneOptions.LEAST_VISIBLE));
        }
    }
}
