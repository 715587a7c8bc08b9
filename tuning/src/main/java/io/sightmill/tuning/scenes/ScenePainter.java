package io.sightmill.tuning.scenes;

import io.sightmill.tuning.Dice;
import io.sightmill.tuning.captions.Colour;
import io.sightmill.tuning.captions.Texture;
import java.awt.image.BufferedImage;

/**
 * Paints scenes. A picture depends on the scene and its size alone, not on fonts, screens or the
 * Java runtime. Used by one thread; a painter a thread.
 */
public final class ScenePainter {

    /** Which part of a scene's dice paints it. */
    private static final long PART = 2;

    private static final int LEAST_SIDE = 32;
    private static final int MOST_SIDE = 1_024;
    private static final Paint SHADOW = new Paint(0, 0, 0);

    private final Canvas canvas;
    private final Coverage coverage;

    /**
     * @param side pixels of a picture's side
     */
    public ScenePainter(int side) {
        if (side < LEAST_SIDE || side > MOST_SIDE) {
            throw new IllegalArgumentException(
                    "size is %d and must be from %d to %d".formatted(side, LEAST_SIDE, MOST_SIDE));
        }
        this.canvas = new Canvas(side);
        this.coverage = new Coverage(side);
    }

    /** A new picture of the scene. */
    public BufferedImage paint(Scene scene) {
        Dice dice = Dice.of(scene.seed().value(), PART);
        Background.paint(canvas, scene.tone(), dice);
        boolean hasShadows = dice.chance(0.3);
        double shadowX = dice.between(-0.025, 0.025);
        double shadowY = dice.between(0.008, 0.025);
        for (SceneShape shape : scene.paintedShapes()) {
            if (hasShadows) {
                shade(shape.outline().moved(shadowX, shadowY));
            }
            fill(shape.outline(), shape.shape().colour(), shape.shape().texture(), dice);
        }
        scene.paintedText()
                .ifPresent(text -> fill(text.outline(), text.text().colour(), Texture.PLAIN, dice));
        new Shot(canvas, dice).take();
        return canvas.image();
    }

    private void shade(Outline outline) {
        coverage.cover(outline);
        for (int y = coverage.top(); y < coverage.bottom(); y++) {
            for (int x = coverage.left(); x < coverage.right(); x++) {
                canvas.blend(y * canvas.side() + x, 0.3f * coverage.at(x, y), SHADOW, 1);
            }
        }
    }

    private void fill(Outline outline, Colour colour, Texture texture, Dice dice) {
        Paint paint = Paint.of(colour, dice);
        Paint accent = paint.accent();
        Surface surface = new Surface(texture, canvas.side(), dice);
        coverage.cover(outline);
        float middleX = (coverage.left() + coverage.right()) / 2f;
        float middleY = (coverage.top() + coverage.bottom()) / 2f;
        for (int y = coverage.top(); y < coverage.bottom(); y++) {
            for (int x = coverage.left(); x < coverage.right(); x++) {
                float covered = coverage.at(x, y);
                if (covered > 0) {
                    int pixel = y * canvas.side() + x;
                    float light = surface.light(x - middleX, y - middleY);
                    float second = covered * surface.accent(x, y);
                    canvas.blend(pixel, covered, paint, light);
                    canvas.blend(pixel, second, accent, light);
                }
            }
        }
    }
}
