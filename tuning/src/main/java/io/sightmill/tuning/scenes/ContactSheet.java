package io.sightmill.tuning.scenes;

import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;

/** Many scenes on one sheet, each with what is said of it: a picture to look through. */
public final class ContactSheet {

    private static final int COLUMNS = 6;
    private static final int CELL = 180;
    private static final int GAP = 14;
    private static final int CAPTION = 62;
    private static final int LINE = 15;
    private static final Color PAPER = new Color(0xFA, 0xFA, 0xF7);
    private static final Color INK = new Color(0x2B, 0x2B, 0x2B);

    private ContactSheet() {}

    /** The first scenes to train with under a seed. */
    public static BufferedImage of(SceneDescription description, int count) {
        SceneGenerator generator = new SceneGenerator(description.options());
        ScenePainter painter = new ScenePainter(description.size());
        int rows = (count + COLUMNS - 1) / COLUMNS;
        BufferedImage sheet =
                new BufferedImage(
                        GAP + COLUMNS * (CELL + GAP),
                        GAP + rows * (CELL + CAPTION + GAP),
                        BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = sheet.createGraphics();
        try {
            prepare(graphics, sheet);
            for (int index = 0; index < count; index++) {
                Scene scene = generator.scene(SceneSeed.training(description.seed(), index));
                int x = GAP + index % COLUMNS * (CELL + GAP);
                int y = GAP + index / COLUMNS * (CELL + CAPTION + GAP);
                graphics.drawImage(painter.paint(scene), x, y, CELL, CELL, null);
                write(graphics, SceneCaptions.of(scene, "-", "-").captions().get(0), x, y + CELL);
            }
        } finally {
            graphics.dispose();
        }
        return sheet;
    }

    private static void prepare(Graphics2D graphics, BufferedImage sheet) {
        graphics.setColor(PAPER);
        graphics.fillRect(0, 0, sheet.getWidth(), sheet.getHeight());
        graphics.setRenderingHint(
                RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        graphics.setRenderingHint(
                RenderingHints.KEY_INTERPOLATION,
                RenderingHints.VALUE_INTERPOLATION_NEAREST_NEIGHBOR);
        graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 11));
        graphics.setColor(INK);
    }

    private static void write(Graphics2D graphics, String caption, int x, int y) {
        int baseline = y + LINE;
        for (String line : wrapped(caption, graphics.getFontMetrics())) {
            if (baseline <= y + CAPTION) {
                graphics.drawString(line, x, baseline);
            }
            baseline += LINE;
        }
    }

    private static List<String> wrapped(String text, FontMetrics metrics) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ")) {
            if (!line.isEmpty() && metrics.stringWidth(line + " " + word) > CELL) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }
}
