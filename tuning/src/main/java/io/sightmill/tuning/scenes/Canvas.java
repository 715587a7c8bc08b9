package io.sightmill.tuning.scenes;

import java.awt.image.BufferedImage;

/** A square picture in the making: red, green and blue of each pixel, nominally 0 to 255. */
final class Canvas {

    private final int side;
    private final float[] red;
    private final float[] green;
    private final float[] blue;

    Canvas(int side) {
        this.side = side;
        this.red = new float[side * side];
        this.green = new float[side * side];
        this.blue = new float[side * side];
    }

    int side() {
        return side;
    }

    /** The planes red, green and blue, row by row: to be changed in place. */
    float[][] planes() {
        return new float[][] {red, green, blue};
    }

    void set(int pixel, float level, Paint paint) {
        red[pixel] = paint.red() + level;
        green[pixel] = paint.green() + level;
        blue[pixel] = paint.blue() + level;
    }

    /** Lays paint over a pixel, brightened by a factor. */
    void blend(int pixel, float share, Paint paint, float brightness) {
        red[pixel] += share * (paint.red() * brightness - red[pixel]);
        green[pixel] += share * (paint.green() * brightness - green[pixel]);
        blue[pixel] += share * (paint.blue() * brightness - blue[pixel]);
    }

    BufferedImage image() {
        int[] pixels = new int[side * side];
        for (int pixel = 0; pixel < pixels.length; pixel++) {
            pixels[pixel] = level(red[pixel]) << 16 | level(green[pixel]) << 8 | level(blue[pixel]);
        }
        BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
        image.getRaster().setDataElements(0, 0, side, side, pixels);
        return image;
    }

    private static int level(float value) {
        return (int) Math.min(255f, Math.max(0f, value + 0.5f));
    }
}
