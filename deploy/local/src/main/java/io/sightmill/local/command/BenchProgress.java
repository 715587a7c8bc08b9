package io.sightmill.local.command;

import java.io.PrintStream;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A measurement's progress in percent. Used by one thread. */
final class BenchProgress implements AutoCloseable {

    private static final int COLUMNS = 90;
    private static final int TO_A_PERSON_MILLIS = 250;
    private static final int TO_A_FILE_MILLIS = 10_000;

    private final ProgressBar bar;

    BenchProgress(String name, PrintStream stream) {
        int interval = System.console() == null ? TO_A_FILE_MILLIS : TO_A_PERSON_MILLIS;
        bar =
                new ProgressBarBuilder()
                        .setTaskName(name)
                        .setInitialMax(100)
                        .setUnit(" %", 1)
                        .setStyle(ProgressBarStyle.ASCII)
                        .setUpdateIntervalMillis(interval)
                        .setConsumer(new ConsoleProgressBarConsumer(stream, COLUMNS))
                        .build();
    }

    /**
     * @param share of the whole, 0 to 1
     */
    void reached(double share) {
        bar.stepTo(Math.round(100 * share));
    }

    /** The same, and what is being measured. */
    void reached(String part, double share) {
        bar.setExtraMessage(part);
        reached(share);
    }

    @Override
    public void close() {
        bar.close();
    }
}
