package io.sightmill.local.command;

import java.io.PrintStream;
import java.text.DecimalFormat;
import java.time.temporal.ChronoUnit;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** The progress bar of a step of tuning: done, a second, time left. Used by one thread. */
final class TuneProgress implements AutoCloseable {

    private static final int COLUMNS = 110;
    private static final int TO_A_PERSON_MILLIS = 250;
    private static final int TO_A_FILE_MILLIS = 10_000;

    private final ProgressBar bar;

    /**
     * @param unit with a blank before it
     */
    TuneProgress(String name, String unit, long whole, PrintStream stream) {
        int interval = System.console() == null ? TO_A_FILE_MILLIS : TO_A_PERSON_MILLIS;
        bar =
                new ProgressBarBuilder()
                        .setTaskName(name)
                        .setInitialMax(whole)
                        .setUnit(unit, 1)
                        .setSpeedUnit(ChronoUnit.SECONDS)
                        .showSpeed(new DecimalFormat("0"))
                        .setStyle(ProgressBarStyle.ASCII)
                        .setUpdateIntervalMillis(interval)
                        .setConsumer(new ConsoleProgressBarConsumer(stream, COLUMNS))
                        .build();
    }

    void reached(long done) {
        bar.stepTo(done);
    }

    /** The same, and a remark behind the bar. */
    void reached(long done, String remark) {
        bar.setExtraMessage(" " + remark);
        bar.stepTo(done);
    }

    @Override
    public void close() {
        bar.close();
    }
}
