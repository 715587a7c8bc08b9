package io.sightmill.llava;

import io.sightmill.engine.PreparedImage;

/**
 * An image as the vision tower takes it.
 *
 * @param pixels normalised, [3, size, size] row by row
 */
record PixelImage(float[] pixels, int size, String key, int tokens) implements PreparedImage {}
