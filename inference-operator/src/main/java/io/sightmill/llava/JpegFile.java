package io.sightmill.llava;

import java.io.IOException;

/** A JPEG file; its pixels are within a step or two of the reference's, see the module's README. */
final class JpegFile implements ImageFile {

    private final JpegSegments segments;
    private final JpegSegments.Colors colors;

    JpegFile(byte[] file) throws IOException {
        this.segments = JpegSegments.read(file);
        this.colors = segments.colors();
    }

    @Override
    public int width() {
        return segments.width();
    }

    @Override
    public int height() {
        return segments.height();
    }

    @Override
    public int bitsPerPixel() {
        return switch (colors) {
            case GREY -> 8;
            case RGB, LUMINANCE_CHROMINANCE -> 24;
            case INKS, LUMINANCE_CHROMINANCE_BLACK -> 32;
        };
    }

    @Override
    public Orientation orientation() {
        return segments.exif().map(TiffDirectory::orientationOf).orElse(Orientation.TOP_LEFT);
    }

    @Override
    public RgbRows decode(ImageReading reading) throws IOException {
        byte[] stripped = segments.stripped();
        return switch (colors) {
            case GREY, RGB, LUMINANCE_CHROMINANCE ->
                    new RasterRows(ImageFormat.JPEG.read(stripped));
            case INKS ->
                    new InkRows(ImageFormat.JPEG.readSamples(stripped), InkRows.Storage.INVERTED);
            case LUMINANCE_CHROMINANCE_BLACK ->
                    new InkRows(
                            ImageFormat.JPEG.readSamples(stripped),
                            InkRows.Storage.INVERTED_LUMINANCE);
        };
    }
}
