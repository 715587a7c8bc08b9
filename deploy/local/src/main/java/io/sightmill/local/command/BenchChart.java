package io.sightmill.local.command;

import io.sightmill.llava.BenchmarkFigure;
import io.sightmill.llava.BenchmarkReport;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;

/**
 * Draws how far each target is reached: one bar a figure, all targets on one line, so that shares,
 * ratios and times can stand below each other.
 */
final class BenchChart {

    private static final int WIDTH = 1_200;
    private static final int LABELS = 430;
    private static final int ROW = 44;
    private static final int BAR = 24;
    private static final int TOP = 110;
    private static final int BOTTOM = 50;

    /** Pixels from no progress to the target. */
    private static final int TO_TARGET = 330;

    /** Where a bar is cut: a figure may be many times better than it has to be. */
    private static final double MOST = 1.25;

    private static final Color REACHED = new Color(0x2E, 0x7D, 0x57);
    private static final Color MISSED = new Color(0xC9, 0x6A, 0x2B);
    private static final Color TEXT = new Color(0x22, 0x22, 0x22);
    private static final Color FAINT = new Color(0x70, 0x70, 0x70);

    private final Graphics2D graphics;

    private BenchChart(Graphics2D graphics) {
        this.graphics = graphics;
    }

    /** Whether the directory of a file exists. */
    static boolean canBeAt(Path file) {
        Path parent = file.toAbsolutePath().getParent();
        return parent != null && Files.isDirectory(parent) && !Files.isDirectory(file);
    }

    static void write(BenchmarkReport report, Path file) throws IOException {
        List<BenchmarkFigure> figures =
                report.figures().stream().filter(figure -> figure.target().isPresent()).toList();
        int height = TOP + figures.size() * ROW + BOTTOM;
        BufferedImage image = new BufferedImage(WIDTH, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        try {
            graphics.setRenderingHint(
                    RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
            graphics.setRenderingHint(
                    RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
            graphics.setColor(Color.WHITE);
            graphics.fillRect(0, 0, WIDTH, height);
            BenchChart chart = new BenchChart(graphics);
            chart.drawTitle(report);
            for (int row = 0; row < figures.size(); row++) {
                chart.drawBar(figures.get(row), TOP + row * ROW);
            }
            chart.drawTargets(TOP + figures.size() * ROW);
        } finally {
            graphics.dispose();
        }
        if (!ImageIO.write(image, "png", file.toFile())) {
            throw new IOException("this Java runtime writes no PNG");
        }
    }

    private void drawTitle(BenchmarkReport report) {
        String title =
                "%s in %s, %d thread(s)"
                        .formatted(
                                report.model(),
                                report.precision().name().toLowerCase(Locale.ROOT),
                                report.threads());
        text(title, 24, 40, Font.BOLD, 22, TEXT);
        text(
                "Measured against target; bars that cross the line reach it. Targets at most a bound"
                        + " count inversely.",
                24,
                68,
                Font.PLAIN,
                15,
                FAINT);
    }

    private void drawBar(BenchmarkFigure figure, int top) {
        double progress = figure.target().orElseThrow().progress(figure.compared());
        int length = (int) Math.round(Math.min(progress, MOST) * TO_TARGET);
        int baseline = top + BAR - 6;
        text(figure.what(), 24, baseline, Font.PLAIN, 15, TEXT);
        graphics.setColor(figure.isReached().orElseThrow() ? REACHED : MISSED);
        graphics.fillRect(LABELS, top, Math.max(length, 2), BAR);
        if (progress > MOST) {
            text("\u00bb", LABELS + length - 16, baseline, Font.BOLD, 18, Color.WHITE);
        }
        text(
                BenchEngineText.compared(figure) + ", " + BenchEngineText.target(figure),
                LABELS + (int) (MOST * TO_TARGET) + 16,
                baseline,
                Font.PLAIN,
                15,
                TEXT);
    }

    private void drawTargets(int bottom) {
        graphics.setColor(TEXT);
        graphics.setStroke(new BasicStroke(2));
        int x = LABELS + TO_TARGET;
        graphics.drawLine(x, TOP - 8, x, bottom);
        text("target", x - 20, bottom + 20, Font.PLAIN, 15, FAINT);
    }

    private void text(String words, int x, int baseline, int style, int size, Color color) {
        graphics.setFont(new Font(Font.SANS_SERIF, style, size));
        graphics.setColor(color);
        graphics.drawString(words, x, baseline);
    }
}
