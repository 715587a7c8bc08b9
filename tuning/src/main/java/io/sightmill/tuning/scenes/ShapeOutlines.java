package io.sightmill.tuning.scenes;

import io.sightmill.tuning.Dice;
import io.sightmill.tuning.captions.Shape;
import java.util.EnumMap;
import java.util.Map;

/** The outlines of the shapes, upright and of any size, and how far each may be turned. */
final class ShapeOutlines {

    private static final int CIRCLE_POINTS = 40;
    private static final Map<Shape, Outline> UPRIGHT = new EnumMap<>(Shape.class);

    static {
        for (Shape shape : Shape.values()) {
            UPRIGHT.put(shape, upright(shape));
        }
    }

    private ShapeOutlines() {}

    static Outline of(Shape shape) {
        return UPRIGHT.get(shape);
    }

    /** An angle in radians at which the shape is still what it is: a square is no diamond. */
    static double turn(Shape shape, Dice dice) {
        return StrictMath.toRadians(
                switch (shape) {
                    case CIRCLE, RING -> 0;
                    case SQUARE, HEART -> dice.between(-24, 24);
                    case TRIANGLE -> dice.between(-30, 30);
                    case STAR -> dice.between(-36, 36);
                    case CROSS -> dice.between(-18, 18);
                    case DIAMOND -> dice.between(-12, 12);
                    case MOON -> dice.between(-180, 180);
                    case ARROW -> 90 * dice.below(4) + dice.between(-15, 15);
                });
    }

    private static Outline upright(Shape shape) {
        return switch (shape) {
            case CIRCLE -> outline(arc(0, 0, 1, 0, 360));
            case SQUARE -> outline(new double[] {-1, -1, 1, -1, 1, 1, -1, 1});
            case TRIANGLE -> outline(new double[] {0, -1, 1.1, 0.9, -1.1, 0.9});
            case STAR -> outline(star());
            case HEART -> outline(heart());
            case CROSS -> outline(cross());
            case RING -> outline(arc(0, 0, 1, 0, 360), arc(0, 0, 0.55, 360, 0));
            case MOON -> outline(joined(arc(0, 0, 1, 50, 310), arc(0.5, 0, 0.78, 280, 80)));
            case DIAMOND -> outline(new double[] {0, -1, 0.62, 0, 0, 1, -0.62, 0});
            case ARROW ->
                    outline(
                            new double[] {
                                0, -1, 0.85, -0.05, 0.3, -0.05, 0.3, 1, -0.3, 1, -0.3, -0.05, -0.85,
                                -0.05
                            });
        };
    }

    private static Outline outline(double[]... contours) {
        return new Outline(contours);
    }

    /** Points on a circle from one angle to another, in degrees. */
    private static double[] arc(double x, double y, double radius, double from, double to) {
        double[] points = new double[2 * CIRCLE_POINTS];
        boolean isWhole = Math.abs(to - from) == 360;
        double step = (to - from) / (isWhole ? CIRCLE_POINTS : CIRCLE_POINTS - 1);
        for (int index = 0; index < CIRCLE_POINTS; index++) {
            double angle = StrictMath.toRadians(from + index * step);
            points[2 * index] = x + radius * StrictMath.cos(angle);
            points[2 * index + 1] = y + radius * StrictMath.sin(angle);
        }
        return points;
    }

    private static double[] star() {
        double[] points = new double[20];
        for (int index = 0; index < 10; index++) {
            double radius = index % 2 == 0 ? 1 : 0.42;
            double angle = StrictMath.toRadians(-90 + 36 * index);
            points[2 * index] = radius * StrictMath.cos(angle);
            points[2 * index + 1] = radius * StrictMath.sin(angle);
        }
        return points;
    }

    private static double[] heart() {
        double[] points = new double[2 * CIRCLE_POINTS];
        for (int index = 0; index < CIRCLE_POINTS; index++) {
            double angle = 2 * StrictMath.PI * index / CIRCLE_POINTS;
            double sine = StrictMath.sin(angle);
            points[2 * index] = 16 * sine * sine * sine;
            points[2 * index + 1] =
                    -(13 * StrictMath.cos(angle)
                            - 5 * StrictMath.cos(2 * angle)
                            - 2 * StrictMath.cos(3 * angle)
                            - StrictMath.cos(4 * angle));
        }
        return points;
    }

    private static double[] cross() {
        double arm = 0.36;
        return new double[] {
            -arm, -1, arm, -1, arm, -arm, 1, -arm, 1, arm, arm, arm,
            arm, 1, -arm, 1, -arm, arm, -1, arm, -1, -arm, -arm, -arm
        };
    }

    private static double[] joined(double[] first, double[] second) {
        double[] points = new double[first.length + second.length];
        System.arraycopy(first, 0, points, 0, first.length);
        System.arraycopy(second, 0, points, first.length, second.length);
        return points;
    }
}
