package io.sightmill.llava;

import java.awt.Point;
import java.awt.Rectangle;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.PixelInterleavedSampleModel;
import java.awt.image.SampleModel;
import java.awt.image.WritableRaster;
import java.util.Arrays;

/**
 * Pixels of red, green, blue and alpha that may be touched only so often.
 *
 * <p>A lossless WebP image is decoded once and then changed in place by at most four transforms,
 * each of which touches a pixel six times at most. A decoder that goes on has been told to by the
 * file.
 */
final class MeteredRaster extends WritableRaster {

    private static final int MOST_TOUCHES_PER_PIXEL = 32;
    private static final int FREE_TOUCHES = 1 << 16;

    private final byte[] samples;
    private final int stride;
    private final long[] left;

    private MeteredRaster(SampleModel model, DataBufferByte buffer, Rectangle area, long[] left) {
        super(model, buffer, area, new Point(), null);
        this.samples = buffer.getData();
        this.stride = ((PixelInterleavedSampleModel) model).getScanlineStride();
        this.left = left;
    }

    static MeteredRaster of(int width, int height) {
        int size = Math.multiplyExact(Math.multiplyExact(width, height), 4);
        long touches = FREE_TOUCHES + (long) MOST_TOUCHES_PER_PIXEL * width * height;
        return new MeteredRaster(
                new PixelInterleavedSampleModel(
                        DataBuffer.TYPE_BYTE, width, height, 4, 4 * width, new int[] {0, 1, 2, 3}),
                new DataBufferByte(size),
                new Rectangle(width, height),
                new long[] {touches});
    }

    @Override
    public Object getDataElements(int x, int y, Object given) {
        touch();
        byte[] pixel = given == null ? new byte[4] : (byte[]) given;
        System.arraycopy(samples, y * stride + x * 4, pixel, 0, 4);
        return pixel;
    }

    @Override
    public void setDataElements(int x, int y, Object pixel) {
        touch();
        System.arraycopy((byte[]) pixel, 0, samples, y * stride + x * 4, 4);
    }

    @Override
    public int getSample(int x, int y, int band) {
        touch();
        return samples[y * stride + x * 4 + band] & 0xFF;
    }

    @Override
    public void setSample(int x, int y, int band, int sample) {
        touch();
        samples[y * stride + x * 4 + band] = (byte) sample;
    }

    /**
     * A view of the left part, as a decoder of packed pixels asks for; none is of other samples.
     */
    @Override
    public WritableRaster createWritableChild(
            int x, int y, int width, int height, int childX, int childY, int[] bands) {
        boolean isCorner = x == 0 && y == 0 && childX == 0 && childY == 0;
        if (!isCorner || bands != null && !Arrays.equals(bands, new int[] {0, 1, 2, 3})) {
            throw new UnsupportedOperationException(
                    "only the upper left corner with all samples is given out");
        }
        SampleModel model =
                new PixelInterleavedSampleModel(
                        DataBuffer.TYPE_BYTE, width, height, 4, stride, new int[] {0, 1, 2, 3});
        return new MeteredRaster(
                model, (DataBufferByte) dataBuffer, new Rectangle(width, height), left);
    }

    private void touch() {
        if (--left[0] < 0) {
            throw new IllegalStateException(
                    "it asks for more passes over its pixels than there are");
        }
    }
}
