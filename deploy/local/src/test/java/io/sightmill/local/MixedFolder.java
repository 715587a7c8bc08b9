package io.sightmill.local;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;

/**
 * A folder as archives really are: mostly images, some of them broken. Knows the reason each broken
 * one has to be rejected with.
 */
final class MixedFolder {

    private final Path directory;
    private final Map<Path, String> expectedReasons = new LinkedHashMap<>();

    private MixedFolder(Path directory) {
        this.directory = directory;
    }

    /** As many good images as asked for, and one of each kind of broken file. */
    static MixedFolder create(Path directory, int goodImages) {
        MixedFolder folder = new MixedFolder(directory);
        try {
            Files.createDirectories(directory);
            for (int index = 0; index < goodImages; index++) {
                folder.addGood(index);
            }
            folder.addBroken();
        } catch (IOException exception) {
            throw new UncheckedIOException(exception);
        }
        return folder;
    }

    Path directory() {
        return directory;
    }

    /** Broken file to the name of the reason. */
    Map<Path, String> expectedReasons() {
        return expectedReasons;
    }

    private void addGood(int index) throws IOException {
        String format = index % 2 == 0 ? "png" : "jpg";
        Path file = directory.resolve("good-%04d.%s".formatted(index, format));
        Files.write(file, encoded(drawing(index), format));
    }

    private void addBroken() throws IOException {
        byte[] jpeg = encoded(drawing(1_000), "jpg");
        byte[] png = encoded(drawing(1_001), "png");
        broken("empty.png", new byte[0], "EMPTY_IMAGE");
        broken(
                "text.jpg",
                "this is a shopping list, not an image".getBytes(StandardCharsets.UTF_8),
                "UNSUPPORTED_FORMAT");
        broken("half.jpg", Arrays.copyOf(jpeg, jpeg.length / 2), "CORRUPT_IMAGE");
        broken("half.png", Arrays.copyOf(png, png.length / 2), "CORRUPT_IMAGE");
        broken("bomb.png", pngHeader(65_535, 65_535), "TOO_MANY_PIXELS");
    }

    /** A file over the limit on encoded bytes; not part of every folder because it is large. */
    void addOversized(int bytes) throws IOException {
        byte[] png = encoded(drawing(1_002), "png");
        broken("oversized.png", Arrays.copyOf(png, bytes), "TOO_LARGE");
    }

    /** One pixel is an image like any other. */
    Path addSinglePixel() throws IOException {
        Path file = directory.resolve("single-pixel.png");
        Files.write(file, encoded(new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB), "png"));
        return file;
    }

    private void broken(String name, byte[] content, String reason) throws IOException {
        expectedReasons.put(Files.write(directory.resolve(name), content), reason);
    }

    private static BufferedImage drawing(int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int width = random.nextInt(60, 240);
        int height = random.nextInt(60, 240);
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        for (int shape = 0; shape < 12; shape++) {
            graphics.setColor(new Color(random.nextInt(0x1000000)));
            graphics.fillOval(random.nextInt(width), random.nextInt(height), width / 3, height / 3);
        }
        graphics.dispose();
        return image;
    }

    private static byte[] encoded(BufferedImage image, String format) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(image, format, bytes);
        return bytes.toByteArray();
    }

    /** Signature and IHDR chunk of a PNG (W3C PNG, sections 5.2 and 11.2.1), and nothing behind. */
    private static byte[] pngHeader(int width, int height) throws IOException {
        ByteArrayOutputStream header = new ByteArrayOutputStream();
        DataOutputStream fields = new DataOutputStream(header);
        fields.writeBytes("IHDR");
        fields.writeInt(width);
        fields.writeInt(height);
        fields.write(new byte[] {8, 2, 0, 0, 0});
        CRC32 checksum = new CRC32();
        checksum.update(header.toByteArray());

        ByteArrayOutputStream file = new ByteArrayOutputStream();
        DataOutputStream chunks = new DataOutputStream(file);
        chunks.write(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'});
        chunks.writeInt(header.size() - 4);
        chunks.write(header.toByteArray());
        chunks.writeInt((int) checksum.getValue());
        return file.toByteArray();
    }
}
