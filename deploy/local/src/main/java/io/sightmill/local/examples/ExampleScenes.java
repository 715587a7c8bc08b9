package io.sightmill.local.examples;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import javax.imageio.ImageIO;

/**
 * The dozen example images: small scenes drawn here, so that a newcomer has something to caption
 * whose rights nobody has to clear. Half are PNG, half JPEG, of different sizes and shapes.
 */
public final class ExampleScenes {

    private record Scene(int width, int height, Consumer<Graphics2D> drawing) {}

    private ExampleScenes() {}

    /**
     * Draws every scene into the directory, which is created if need be; the ending of a name is
     * its format.
     */
    public static void writeTo(Path directory) throws IOException {
        Files.createDirectories(directory);
        for (Map.Entry<String, Scene> entry : scenes().entrySet()) {
            String name = entry.getKey();
            String format = name.substring(name.lastIndexOf('.') + 1);
            if (!ImageIO.write(
                    render(entry.getValue()), format, directory.resolve(name).toFile())) {
                throw new IOException("no writer for the image format " + format);
            }
        }
    }

    private static BufferedImage render(Scene scene) {
        BufferedImage image =
                new BufferedImage(scene.width(), scene.height(), BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setRenderingHint(
                RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        scene.drawing().accept(graphics);
        graphics.dispose();
        return image;
    }

    private static Map<String, Scene> scenes() {
        Map<String, Scene> scenes = new LinkedHashMap<>();
        scenes.put("house-by-day.png", new Scene(640, 480, ExampleScenes::houseByDay));
        scenes.put("sailing-boat.jpg", new Scene(720, 480, ExampleScenes::sailingBoat));
        scenes.put("mountains-at-dusk.jpg", new Scene(800, 450, ExampleScenes::mountainsAtDusk));
        scenes.put("red-circle.png", new Scene(336, 336, ExampleScenes::redCircle));
        scenes.put("chess-board.png", new Scene(400, 400, ExampleScenes::chessBoard));
        scenes.put("traffic-light.png", new Scene(240, 560, ExampleScenes::trafficLight));
        scenes.put("balloons.jpg", new Scene(600, 600, ExampleScenes::balloons));
        scenes.put("three-squares.png", new Scene(700, 260, ExampleScenes::threeSquares));
        scenes.put("moon-and-stars.jpg", new Scene(560, 420, ExampleScenes::moonAndStars));
        scenes.put("tree-on-a-hill.jpg", new Scene(512, 512, ExampleScenes::treeOnAHill));
        scenes.put("bar-chart.png", new Scene(640, 400, ExampleScenes::barChart));
        scenes.put("fish-in-water.jpg", new Scene(640, 360, ExampleScenes::fishInWater));
        return scenes;
    }

    private static void houseByDay(Graphics2D graphics) {
        sky(graphics, 640, 480, new Color(0x8EC9F2), new Color(0xE8F5FF));
        rectangle(graphics, new Color(0x5DA64B), 0, 340, 640, 140);
        circle(graphics, new Color(0xFFD34D), 540, 90, 46);
        rectangle(graphics, new Color(0xE9D5B0), 200, 220, 240, 170);
        polygon(graphics, new Color(0xB23A2E), 180, 220, 320, 110, 460, 220);
        rectangle(graphics, new Color(0x6B4226), 295, 300, 50, 90);
        rectangle(graphics, new Color(0x9FD3F0), 225, 255, 50, 50);
        rectangle(graphics, new Color(0x9FD3F0), 365, 255, 50, 50);
    }

    private static void sailingBoat(Graphics2D graphics) {
        sky(graphics, 720, 480, new Color(0xBFE3FF), new Color(0xFFFFFF));
        rectangle(graphics, new Color(0x1F6FB2), 0, 300, 720, 180);
        polygon(graphics, new Color(0x7A3B12), 220, 300, 500, 300, 450, 360, 270, 360);
        rectangle(graphics, new Color(0x4A2A10), 352, 110, 8, 190);
        polygon(graphics, Color.WHITE, 366, 120, 366, 285, 480, 285);
        polygon(graphics, new Color(0xE34A33), 346, 150, 346, 285, 250, 285);
    }

    private static void mountainsAtDusk(Graphics2D graphics) {
        sky(graphics, 800, 450, new Color(0x3B2A5A), new Color(0xF5A25D));
        circle(graphics, new Color(0xFFE0A3), 600, 270, 40);
        polygon(graphics, new Color(0x4B3F66), 0, 450, 180, 170, 400, 450);
        polygon(graphics, new Color(0x5C4E7A), 250, 450, 470, 130, 700, 450);
        polygon(graphics, new Color(0x3A3152), 520, 450, 690, 230, 800, 450);
        polygon(graphics, Color.WHITE, 437, 178, 470, 130, 504, 178, 470, 196);
    }

    private static void redCircle(Graphics2D graphics) {
        rectangle(graphics, Color.WHITE, 0, 0, 336, 336);
        circle(graphics, new Color(0xD62728), 168, 168, 110);
    }

    private static void chessBoard(Graphics2D graphics) {
        for (int row = 0; row < 8; row++) {
            for (int column = 0; column < 8; column++) {
                Color square = (row + column) % 2 == 0 ? new Color(0xF0D9B5) : new Color(0x8B5A3C);
                rectangle(graphics, square, column * 50, row * 50, 50, 50);
            }
        }
    }

    private static void trafficLight(Graphics2D graphics) {
        rectangle(graphics, new Color(0xCFE3EE), 0, 0, 240, 560);
        rectangle(graphics, new Color(0x333333), 112, 400, 16, 160);
        rectangle(graphics, new Color(0x222222), 60, 40, 120, 360);
        circle(graphics, new Color(0xFF3B30), 120, 100, 44);
        circle(graphics, new Color(0x4A4018), 120, 220, 44);
        circle(graphics, new Color(0x12401D), 120, 340, 44);
    }

    private static void balloons(Graphics2D graphics) {
        sky(graphics, 600, 600, new Color(0x7EC8E3), new Color(0xF2FBFF));
        int[] colours = {0xE6194B, 0xF58231, 0x3CB44B, 0x4363D8, 0x911EB4};
        for (int index = 0; index < colours.length; index++) {
            int x = 110 + 95 * index;
            int y = 180 + 60 * (index % 2);
            graphics.setColor(new Color(0x666666));
            graphics.setStroke(new BasicStroke(2));
            graphics.drawLine(x, y + 55, 300, 560);
            graphics.setColor(new Color(colours[index]));
            graphics.fill(new Ellipse2D.Double(x - 45, y - 58, 90, 116));
        }
    }

    private static void threeSquares(Graphics2D graphics) {
        rectangle(graphics, new Color(0xF4F1EA), 0, 0, 700, 260);
        rectangle(graphics, new Color(0x1F77B4), 50, 60, 140, 140);
        rectangle(graphics, new Color(0x2CA02C), 280, 60, 140, 140);
        rectangle(graphics, new Color(0xFFBF00), 510, 60, 140, 140);
    }

    private static void moonAndStars(Graphics2D graphics) {
        sky(graphics, 560, 420, new Color(0x050A24), new Color(0x1C2A5E));
        circle(graphics, new Color(0xF7F3D6), 400, 130, 62);
        circle(graphics, new Color(0x0C1436), 428, 112, 56);
        for (int index = 0; index < 40; index++) {
            // Strides that share no factor with the sides spread the stars evenly without chance.
            circle(graphics, Color.WHITE, index * 137 % 560, index * 89 % 300, 1 + index % 3);
        }
        rectangle(graphics, new Color(0x10182B), 0, 350, 560, 70);
    }

    private static void treeOnAHill(Graphics2D graphics) {
        sky(graphics, 512, 512, new Color(0xA8DAFF), new Color(0xFFFFFF));
        graphics.setColor(new Color(0x6DBE45));
        graphics.fill(new Ellipse2D.Double(-120, 340, 760, 420));
        rectangle(graphics, new Color(0x6B4423), 238, 230, 36, 140);
        circle(graphics, new Color(0x2E7D32), 200, 210, 66);
        circle(graphics, new Color(0x388E3C), 310, 205, 70);
        circle(graphics, new Color(0x43A047), 256, 150, 76);
    }

    private static void barChart(Graphics2D graphics) {
        rectangle(graphics, Color.WHITE, 0, 0, 640, 400);
        int[] heights = {90, 160, 120, 250, 200, 290};
        for (int index = 0; index < heights.length; index++) {
            rectangle(
                    graphics,
                    new Color(0x4C72B0),
                    80 + 90 * index,
                    350 - heights[index],
                    60,
                    heights[index]);
        }
        graphics.setColor(Color.DARK_GRAY);
        graphics.setStroke(new BasicStroke(3));
        graphics.drawLine(60, 350, 620, 350);
        graphics.drawLine(60, 350, 60, 40);
    }

    private static void fishInWater(Graphics2D graphics) {
        sky(graphics, 640, 360, new Color(0x3FA7D6), new Color(0x0B3C5D));
        graphics.setColor(new Color(0xFF8C1A));
        graphics.fill(new Ellipse2D.Double(210, 120, 220, 120));
        polygon(graphics, new Color(0xFF8C1A), 415, 180, 500, 115, 500, 245);
        circle(graphics, Color.WHITE, 260, 165, 16);
        circle(graphics, Color.BLACK, 257, 165, 7);
        for (int index = 0; index < 6; index++) {
            circle(graphics, new Color(0xCDEBFA), 170 - 8 * index, 150 - 22 * index, 5 + index);
        }
    }

    private static void sky(Graphics2D graphics, int width, int height, Color top, Color bottom) {
        graphics.setPaint(new GradientPaint(0, 0, top, 0, height, bottom));
        graphics.fill(new Rectangle2D.Double(0, 0, width, height));
    }

    private static void rectangle(Graphics2D graphics, Color color, int x, int y, int w, int h) {
        graphics.setColor(color);
        graphics.fill(new Rectangle2D.Double(x, y, w, h));
    }

    private static void circle(Graphics2D graphics, Color color, int x, int y, int radius) {
        graphics.setColor(color);
        graphics.fill(new Ellipse2D.Double(x - radius, y - radius, 2.0 * radius, 2.0 * radius));
    }

    private static void polygon(Graphics2D graphics, Color color, int... points) {
        Path2D path = new Path2D.Double();
        path.moveTo(points[0], points[1]);
        for (int index = 2; index < points.length; index += 2) {
            path.lineTo(points[index], points[index + 1]);
        }
        path.closePath();
        graphics.setColor(color);
        graphics.fill(path);
    }
}
