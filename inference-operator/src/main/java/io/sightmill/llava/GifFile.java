package io.sightmill.llava;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.IOException;

/** A GIF file's first frame on its canvas. */
final class GifFile implements ImageFile {

    private final byte[] file;
    private final GifFrame frame;

    GifFile(byte[] file) throws IOException {
        this.file = file;
        this.frame = GifFrame.first(file);
    }

    @Override
    public int width() {
        return frame.canvasWidth();
    }

    @Override
    public int height() {
        return frame.canvasHeight();
    }

    @Override
    public int bitsPerPixel() {
        return 8;
    }

    @Override
    public RgbRows decode(ImageReading reading) throws IOException {
        BufferedImage image = ImageFormat.GIF.read(file);
        RgbRows rows = new RasterRows(image);
        if (frame.coversCanvas()) {
            return rows;
        }
        return new CanvasRows(
                rows, frame.left(), frame.top(), width(), height(), colorBeside(image));
    }

    /** As the reference fills a canvas: the transparent entry of the palette, or its first. */
    private static int colorBeside(BufferedImage image) {
        if (!(image.getColorModel() instanceof IndexColorModel palette)) {
            return 0;
        }
        return palette.getRGB(Math.max(0, palette.getTransparentPixel()));
    }
}
