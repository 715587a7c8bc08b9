package io.sightmill.local.command;

import io.sightmill.llava.BenchmarkFigure;
import io.sightmill.llava.BenchmarkTarget;
import java.util.Locale;

/** How a figure of the engine's is written for people. */
final class BenchEngineText {

    private BenchEngineText() {}

    static String value(BenchmarkFigure figure) {
        if (figure.unit().equals(BenchmarkFigure.SHARE)) {
            return percent(figure.value());
        }
        return String.format(Locale.ROOT, figure.value() < 100 ? "%.2f" : "%.0f", figure.value());
    }

    /** Empty for a fraction: its value says it. */
    static String unit(BenchmarkFigure figure) {
        return figure.unit().equals(BenchmarkFigure.SHARE) ? "" : figure.unit();
    }

    /** Of the roofline. */
    static String share(BenchmarkFigure figure) {
        return figure.share().isPresent() ? percent(figure.share().getAsDouble()) : "";
    }

    /** What the target is about. */
    static String compared(BenchmarkFigure figure) {
        return figure.comparesShares()
                ? percent(figure.compared())
                : value(figure) + " " + unit(figure);
    }

    static String target(BenchmarkFigure figure) {
        return figure.target().map(target -> target(figure, target)).orElse("");
    }

    private static String target(BenchmarkFigure figure, BenchmarkTarget target) {
        String bound =
                figure.comparesShares()
                        ? String.format(Locale.ROOT, "%.0f %%", 100 * target.bound())
                        : String.format(Locale.ROOT, "%.0f %s", target.bound(), unit(figure));
        return (target.isLeast() ? "at least " : "at most ") + bound;
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }
}
