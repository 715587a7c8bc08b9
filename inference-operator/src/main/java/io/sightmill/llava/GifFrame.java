package io.sightmill.llava;

import java.io.IOException;

/**
 * Where a GIF file's first frame lies on its canvas (GIF89a, sections 18 to 23).
 *
 * @param left first column of the canvas that the frame covers
 * @param top first row of it
 * @param width of the frame in pixels
 * @param height of the frame in pixels
 * @param canvasWidth in pixels; the frame lies inside, for where it does not the canvas grows
 * @param canvasHeight likewise
 */
record GifFrame(int left, int top, int width, int height, int canvasWidth, int canvasHeight) {

    private static final int IMAGE = 0x2C;
    private static final int EXTENSION = 0x21;

    /**
     * @throws IOException in words that follow "the image" if there is no frame
     */
    static GifFrame first(byte[] file) throws IOException {
        int at = 13 + colorTable(unsigned(file, 10));
        while (at + 10 <= file.length && unsigned(file, at) != IMAGE) {
            if (unsigned(file, at) != EXTENSION) {
                throw new IOException("has an unknown block at byte " + at);
            }
            at += 2;
            while (unsigned(file, at) != 0) {
                at += 1 + unsigned(file, at);
            }
            at++;
        }
        if (at + 10 > file.length) {
            throw new IOException("ends before its first frame, after " + file.length + " bytes");
        }
        int left = littleEndian(file, at + 1);
        int top = littleEndian(file, at + 3);
        int width = littleEndian(file, at + 5);
        int height = littleEndian(file, at + 7);
        return new GifFrame(
                left,
                top,
                width,
                height,
                Math.max(littleEndian(file, 6), left + width),
                Math.max(littleEndian(file, 8), top + height));
    }

    boolean coversCanvas() {
        return width == canvasWidth && height == canvasHeight;
    }

    private static int colorTable(int flags) {
        return (flags & 0x80) == 0 ? 0 : 3 * (2 << (flags & 7));
    }

    private static int littleEndian(byte[] file, int at) throws IOException {
        return unsigned(file, at) | unsigned(file, at + 1) << 8;
    }

    private static int unsigned(byte[] file, int at) throws IOException {
        if (at >= file.length) {
            throw new IOException("ends before its first frame, after " + file.length + " bytes");
        }
        return file[at] & 0xFF;
    }
}
