package io.sightmill.tuning.scenes;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Digits and capitals as strokes of a broad pen: no font has a part in a picture, for every machine
 * has others.
 */
final class Glyphs {

    /** From the left edge of a letter to that of the next; a letter is 4 wide and 6 high. */
    private static final double ADVANCE = 6;

    /**
     * Lines on a grid of 5 by 7 points: a point is its column and its row, a space goes on with the
     * line, a bar lifts the pen.
     */
    private static final Map<Character, String> LINES =
            Map.ofEntries(
                    Map.entry('0', "10 30 41 45 36 16 05 01 10"),
                    Map.entry('1', "02 20 26|06 46"),
                    Map.entry('2', "01 10 30 41 42 06 46"),
                    Map.entry('3', "01 10 30 41 42 33 13|33 44 45 36 16 05"),
                    Map.entry('4', "36 30 04 44"),
                    Map.entry('5', "40 00 03 33 44 45 36 16 05"),
                    Map.entry('6', "40 20 02 05 16 36 45 44 33 03"),
                    Map.entry('7', "00 40 16"),
                    Map.entry('8', "13 02 01 10 30 41 42 33 13 04 05 16 36 45 44 33"),
                    Map.entry('9', "06 26 44 41 30 10 01 02 13 43"),
                    Map.entry('A', "06 20 46|14 34"),
                    Map.entry('B', "03 00 30 41 42 33 03 06 36 45 44 33"),
                    Map.entry('C', "41 30 10 01 05 16 36 45"),
                    Map.entry('D', "00 06 26 44 42 20 00"),
                    Map.entry('E', "40 00 06 46|03 33"),
                    Map.entry('F', "40 00 06|03 33"),
                    Map.entry('G', "41 30 10 01 05 16 36 45 43 23"),
                    Map.entry('H', "00 06|40 46|03 43"),
                    Map.entry('I', "10 30|20 26|16 36"),
                    Map.entry('J', "40 45 36 16 05"),
                    Map.entry('K', "00 06|40 03 46"),
                    Map.entry('L', "00 06 46"),
                    Map.entry('M', "06 00 23 40 46"),
                    Map.entry('N', "06 00 46 40"),
                    Map.entry('O', "10 30 41 45 36 16 05 01 10"),
                    Map.entry('P', "06 00 30 41 42 33 03"),
                    Map.entry('Q', "10 30 41 45 36 16 05 01 10|24 46"),
                    Map.entry('R', "06 00 30 41 42 33 03|23 46"),
                    Map.entry('S', "41 30 10 01 02 13 33 44 45 36 16 05"),
                    Map.entry('T', "00 40|20 26"),
                    Map.entry('U', "00 05 16 36 45 40"),
                    Map.entry('V', "00 26 40"),
                    Map.entry('W', "00 16 23 36 40"),
                    Map.entry('X', "00 46|40 06"),
                    Map.entry('Y', "00 23 40|23 26"),
                    Map.entry('Z', "00 40 06 46"));

    private Glyphs() {}

    /**
     * The outline of a text on one line.
     *
     * @param pen width of the strokes, where a letter is 6 high
     */
    static Outline outline(String text, double pen) {
        List<double[]> contours = new ArrayList<>();
        for (int index = 0; index < text.length(); index++) {
            for (String line : LINES.get(text.charAt(index)).split("\\|")) {
                addLine(contours, line.split(" "), index * ADVANCE, pen / 2);
            }
        }
        return new Outline(contours.toArray(double[][]::new));
    }

    private static void addLine(
            List<double[]> contours, String[] points, double left, double half) {
        for (int index = 1; index < points.length; index++) {
            contours.add(stroke(points[index - 1], points[index], left, half));
        }
    }

    /** A straight stroke with square ends, which fill the corners. */
    private static double[] stroke(String from, String to, double left, double half) {
        double x0 = left + from.charAt(0) - '0';
        double y0 = from.charAt(1) - '0';
        double dx = left + to.charAt(0) - '0' - x0;
        double dy = to.charAt(1) - '0' - y0;
        double length = Math.sqrt(dx * dx + dy * dy);
        double ux = half * dx / length;
        double uy = half * dy / length;
        double x1 = x0 + dx + ux;
        double y1 = y0 + dy + uy;
        return new double[] {
            x0 - ux + uy,
            y0 - uy - ux,
            x1 + uy,
            y1 - ux,
            x1 - uy,
            y1 + ux,
            x0 - ux - uy,
            y0 - uy + ux
        };
    }
}
