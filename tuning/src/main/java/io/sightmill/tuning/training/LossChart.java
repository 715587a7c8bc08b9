package io.sightmill.tuning.training;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;

/**
 * The curve of a run's losses as a picture: each step's in a light tone, and a running mean, on a
 * logarithmic scale, where the last tenth of a loss is seen as well as the first.
 */
final class LossChart {

    private static final int WIDTH = 1_000;
    private static final int HEIGHT = 560;
    private static final int LEFT = 80;
    private static final int RIGHT = 30;
    private static final int TOP = 60;
    private static final int BOTTOM = 60;
    private static final int LINES = 5;
    private static final int[] ROUND = {1, 2, 5};

    /** Losses below are drawn here: the logarithm of nothing has no place. */
    private static final double LEAST = 1e-6;

    /** Share of all steps that the running mean looks back on. */
    private static final double MEMORY = 0.01;

    private static final Color EACH = new Color(0xB9, 0xD3, 0xC6);
    private static final Color MEAN = new Color(0x1F, 0x6B, 0x48);
    private static final Color GRID = new Color(0xE2, 0xE2, 0xE2);
    private static final Color TEXT = new Color(0x33, 0x33, 0x33);

    private final List<Float> losses;
    private final long steps;
    private final double lowest;
    private final double highest;

    /**
     * @param losses by step
     * @param steps of the whole run
     */
    LossChart(List<Float> losses, long steps) {
        this.losses = losses;
        this.steps = steps;
        this.lowest = Math.max(LEAST, losses.stream().min(Float::compare).orElse(1f) / 1.2);
        this.highest = Math.max(2 * lowest, losses.stream().max(Float::compare).orElse(1f));
    }

    void write(Path file) throws IOException {
        BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        try {
            graphics.setRenderingHint(
                    RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
            graphics.setColor(Color.WHITE);
            graphics.fillRect(0, 0, WIDTH, HEIGHT);
            drawGrid(graphics);
            drawCurve(graphics, losses.stream().mapToDouble(Float::doubleValue).toArray(), EACH, 1);
            drawCurve(graphics, runningMean(), MEAN, 2.5f);
        } finally {
            graphics.dispose();
        }
        Path partial = file.resolveSibling(file.getFileName() + ".part");
        if (!ImageIO.write(image, "png", partial.toFile())) {
            throw new IOException("this Java runtime writes no PNG");
        }
        Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private double[] runningMean() {
        double keep = Math.exp(-1 / Math.max(1, MEMORY * losses.size()));
        double[] mean = new double[losses.size()];
        double weighted = 0;
        double weight = 0;
        for (int i = 0; i < mean.length; i++) {
            weighted = keep * weighted + losses.get(i);
            weight = keep * weight + 1;
            mean[i] = weighted / weight;
        }
        return mean;
    }

    private void drawGrid(Graphics2D graphics) {
        graphics.setFont(new Font(Font.SANS_SERIF, Font.BOLD, 18));
        graphics.setColor(TEXT);
        graphics.drawString("Loss", LEFT, TOP - 24);
        graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 14));
        for (int power = (int) Math.floor(Math.log10(lowest)); power < 9; power++) {
            for (int digit : ROUND) {
                drawLoss(graphics, digit * Math.pow(10, power));
            }
        }
        for (int line = 0; line <= LINES; line++) {
            double share = (double) line / LINES;
            int x = LEFT + (int) (share * (WIDTH - LEFT - RIGHT));
            graphics.drawString(
                    String.format(Locale.ROOT, "%,d", Math.round(steps * share)),
                    x - 15,
                    HEIGHT - BOTTOM + 24);
        }
        graphics.drawString("step", WIDTH / 2, HEIGHT - 12);
    }

    private void drawLoss(Graphics2D graphics, double loss) {
        if (loss >= lowest && loss <= highest) {
            int y = y(loss);
            graphics.setColor(GRID);
            graphics.drawLine(LEFT, y, WIDTH - RIGHT, y);
            graphics.setColor(TEXT);
            String label = BigDecimal.valueOf(loss).round(new MathContext(1)).toPlainString();
            graphics.drawString(label, LEFT - 12 - 8 * label.length(), y + 5);
        }
    }

    private void drawCurve(Graphics2D graphics, double[] values, Color color, float width) {
        Path2D curve = new Path2D.Double();
        for (int i = 0; i < values.length; i++) {
            double x = LEFT + (i + 1.0) / steps * (WIDTH - LEFT - RIGHT);
            if (i == 0) {
                curve.moveTo(x, y(values[i]));
            } else {
                curve.lineTo(x, y(values[i]));
            }
        }
        graphics.setColor(color);
        graphics.setStroke(new BasicStroke(width));
        graphics.draw(curve);
    }

    private int y(double loss) {
        double share = Math.log(Math.max(loss, lowest) / lowest) / Math.log(highest / lowest);
        return (int) (HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM));
    }
}
