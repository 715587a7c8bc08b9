package io.sightmill.llava;

import com.sun.management.ThreadMXBean;
import io.sightmill.llava.PreprocessorConfig.Padding;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/**
 * What it would change, and save, to decode a big JPEG at reduced scale.
 *
 * <p>Run: {@code mvn -q test-compile org.codehaus.mojo:exec-maven-plugin:3.5.0:java
 * -Dexec.classpathScope=test -Dexec.mainClass=io.sightmill.llava.JpegScaleBenchmark} in this
 * module. Every line compares the 336 x 336 x 3 bytes behind resizing with those of the whole
 * image.
 */
final class JpegScaleBenchmark {

    private static final PreprocessorConfig PAD =
            new PreprocessorConfig(
                    Padding.SQUARE,
                    PreprocessorConfig.Resize.SHORTEST_EDGE,
                    336,
                    336,
                    1 / 255.0,
                    List.of(0.48145466, 0.4578275, 0.40821073),
                    List.of(0.26862954, 0.26130258, 0.27577711));

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private JpegScaleBenchmark() {}

    public static void main(String[] arguments) throws Exception {
        System.out.println("megapixels scale largest mean cpu-ms allocated-MB");
        for (int[] size : new int[][] {{4_000, 3_000}, {6_000, 4_000}, {8_600, 5_800}}) {
            byte[] file = photo(size[0], size[1]);
            byte[] whole = null;
            for (int scale : new int[] {1, 2, 4, 8}) {
                long bytes = THREADS.getCurrentThreadAllocatedBytes();
                long nanos = THREADS.getCurrentThreadCpuTime();
                RgbRows rows =
                        scale == 1
                                ? new ImageDecoder(ImageLimits.defaults()).decode(file)
                                : new RasterRows(skipping(file, scale));
                nanos = THREADS.getCurrentThreadCpuTime() - nanos;
                bytes = THREADS.getCurrentThreadAllocatedBytes() - bytes;
                byte[] square = new ImagePreprocessor(PAD, ImageLimits.defaults(), 1).square(rows);
                whole = whole == null ? square : whole;
                Difference difference = Difference.of(square, whole);
                System.out.printf(
                        "%d 1/%d %d %.2f %d %d%n",
                        size[0] * size[1] / 1_000_000,
                        scale,
                        difference.largest(),
                        difference.mean(),
                        nanos / 1_000_000,
                        bytes >> 20);
            }
        }
    }

    /** The only reduction that Java's decoder has: every scale-th pixel of every scale-th row. */
    private static BufferedImage skipping(byte[] file, int scale) throws Exception {
        ImageReader reader = ImageIO.getImageReadersByFormatName("jpeg").next();
        try (ImageInputStream input =
                ImageIO.createImageInputStream(new ByteArrayInputStream(file))) {
            reader.setInput(input, true, true);
            ImageReadParam every = reader.getDefaultReadParam();
            every.setSourceSubsampling(scale, scale, scale / 2, scale / 2);
            return reader.read(0, every);
        } finally {
            reader.dispose();
        }
    }

    /** Slopes, edges, fine texture and grain, as a camera gives them. */
    private static byte[] photo(int width, int height) throws Exception {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                double texture = 40 * Math.sin(x / 3.0) * Math.sin(y / 5.0);
                int edge = (x / 400 + y / 300) % 2 * 60;
                int grain = (HashedPixels.value(x, y, 0) & 15) - 8;
                int base = 60 + 80 * x / width + edge + grain;
                image.setRGB(
                        x,
                        y,
                        color(base + (int) texture, base, base + 60 * y / height - (int) texture));
            }
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(image, "jpeg", bytes);
        return bytes.toByteArray();
    }

    private static int color(int red, int green, int blue) {
        return clip(red) << 16 | clip(green) << 8 | clip(blue);
    }

    private static int clip(int value) {
        return Math.max(0, Math.min(255, value));
    }
}
