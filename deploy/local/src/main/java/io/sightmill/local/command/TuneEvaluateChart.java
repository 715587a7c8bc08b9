package io.sightmill.local.command;

import io.sightmill.tuning.evaluate.EvaluationReport;
import io.sightmill.tuning.evaluate.Tally;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;

/** Draws what a model knows of pictures, and under it what it guesses without them. */
final class TuneEvaluateChart {

    private static final int WIDTH = 900;
    private static final int LABELS = 240;
    private static final int FULL = 540;
    private static final int ROW = 38;
    private static final int TOP = 90;
    private static final int BOTTOM = 30;
    private static final Color PAPER = Color.WHITE;
    private static final Color INK = new Color(0x22, 0x22, 0x22);
    private static final Color FAINT = new Color(0x70, 0x70, 0x70);
    private static final Color SEEING = new Color(0x2E, 0x7D, 0x57);
    private static final Color BLACKED_OUT = new Color(0xB8, 0xBC, 0xC2);

    private final Graphics2D graphics;

    private TuneEvaluateChart(Graphics2D graphics) {
        this.graphics = graphics;
    }

    static void write(EvaluationReport report, Path file) throws IOException {
        List<TuneEvaluateText.Row> rows = new ArrayList<>(TuneEvaluateText.rows(report).values());
        BufferedImage image =
                new BufferedImage(
                        WIDTH, TOP + rows.size() * ROW + BOTTOM, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        try {
            graphics.setRenderingHint(
                    RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
            graphics.setColor(PAPER);
            graphics.fillRect(0, 0, WIDTH, image.getHeight());
            TuneEvaluateChart chart = new TuneEvaluateChart(graphics);
            chart.title(report);
            for (int row = 0; row < rows.size(); row++) {
                chart.row(rows.get(row), TOP + row * ROW);
            }
        } finally {
            graphics.dispose();
        }
        if (!ImageIO.write(image, "png", file.toFile())) {
            throw new IOException("this Java runtime writes no PNG");
        }
    }

    private void title(EvaluationReport report) {
        text(
                String.format(
                        Locale.ROOT, "%s on %,d unseen scenes", report.model(), report.scenes()),
                34,
                Font.BOLD,
                20,
                INK);
        text("right answers; grey: with the picture blacked out", 60, Font.PLAIN, 14, FAINT);
    }

    private void row(TuneEvaluateText.Row row, int top) {
        text(row.name(), top + 18, Font.PLAIN, 14, INK);
        bar(row.seeing(), top, 16, SEEING);
        bar(row.blackedOut(), top + 17, 7, BLACKED_OUT);
        graphics.setColor(INK);
        graphics.drawString(
                TuneEvaluateText.percent(row.seeing()),
                LABELS + (int) (row.seeing().share() * FULL) + 8,
                top + 14);
    }

    private void bar(Tally tally, int top, int height, Color color) {
        graphics.setColor(color);
        graphics.fillRect(LABELS, top, Math.max(1, (int) (tally.share() * FULL)), height);
    }

    private void text(String words, int baseline, int style, int size, Color color) {
        graphics.setFont(new Font(Font.SANS_SERIF, style, size));
        graphics.setColor(color);
        graphics.drawString(words, 24, baseline);
    }
}
