package io.sightmill.local.command;

import io.sightmill.llava.LoadProgress;
import java.io.PrintStream;
import java.text.DecimalFormat;
import java.time.temporal.ChronoUnit;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * The progress bar of a model's loading: megabytes read for tensors and digest, and the part that
 * is being loaded. It appears with the first bytes and is finished with the last ones, whatever is
 * done afterwards. Thread-safe.
 */
final class LoadingBar implements LoadProgress, AutoCloseable {

    private static final int COLUMNS = 110;
    private static final int UPDATE_MILLIS = 250;
    private static final long MEGABYTE = 1_000_000;

    /** Where the bar is drawn; null to draw none. */
    private final PrintStream stream;

    private ProgressBar bar;
    private boolean isDone;

    LoadingBar(PrintStream stream) {
        this.stream = stream;
    }

    /** On standard error if a person is watching: a log has nothing of it. */
    static LoadingBar onTerminal() {
        return System.console() == null ? hidden() : new LoadingBar(System.err);
    }

    static LoadingBar hidden() {
        return new LoadingBar(null);
    }

    @Override
    public synchronized void advanced(String part, long doneBytes, long totalBytes) {
        if (stream == null || isDone) {
            return;
        }
        if (bar == null) {
            bar = open(totalBytes);
        }
        bar.stepTo(doneBytes);
        bar.setExtraMessage(" " + part);
        if (doneBytes >= totalBytes) {
            close();
        }
    }

    private ProgressBar open(long totalBytes) {
        return new ProgressBarBuilder()
                .setTaskName("loading")
                .setInitialMax(totalBytes)
                .setUnit(" MB", MEGABYTE)
                .setSpeedUnit(ChronoUnit.SECONDS)
                .showSpeed(new DecimalFormat("0"))
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(UPDATE_MILLIS)
                .setConsumer(new ConsoleProgressBarConsumer(stream, COLUMNS))
                .build();
    }

    @Override
    public synchronized void close() {
        if (bar != null && !isDone) {
            bar.close();
        }
        isDone = true;
    }
}
