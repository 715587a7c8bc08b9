package io.sightmill.tuning;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;

/** Three pictures of one colour each, and questions about them in LLaVA's JSON. */
public final class SmallData {

    private static final Map<String, Color> COLOURS =
            new TreeMap<>(Map.of("red", Color.RED, "green", Color.GREEN, "blue", Color.BLUE));

    private SmallData() {}

    public static void writeImages(Path directory) throws IOException {
        for (Map.Entry<String, Color> each : COLOURS.entrySet()) {
            BufferedImage image = new BufferedImage(40, 30, BufferedImage.TYPE_INT_RGB);
            Graphics2D graphics = image.createGraphics();
            graphics.setColor(each.getValue());
            graphics.fillRect(0, 0, 40, 30);
            graphics.dispose();
            ImageIO.write(image, "png", directory.resolve(each.getKey() + ".png").toFile());
        }
    }

    /** A file of so many samples beside the images. */
    public static Path write(Path directory, int count) {
        try {
            writeImages(directory);
            return Files.writeString(directory.resolve("data.json"), entries(count));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A JSON list. */
    public static String entries(int count) {
        return "[" + String.join(",\n", list(count)) + "]";
    }

    public static List<String> list(int count) {
        List<String> names = List.copyOf(COLOURS.keySet());
        return IntStream.range(0, count)
                .mapToObj(
                        i -> {
                            String colour = names.get(i % names.size());
                            String more = " It is " + colour + ".";
                            return entry(
                                    colour + ".png",
                                    "<image>\\nWhich colour?",
                                    colour + more.repeat(i % 4));
                        })
                .toList();
    }

    public static String entry(String image, String question, String answer) {
        return """
               {"id": "x", "image": "%s", "conversations": [
                {"from": "human", "value": "%s"}, {"from": "gpt", "value": "%s"}]}"""
                .formatted(image, question, answer);
    }
}
