package io.sightmill.local.command;

import java.io.PrintStream;
import java.text.DecimalFormat;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * The progress bar of a caption run on standard error: images done, failed, images a second and
 * time left. Used by one thread.
 */
final class CaptionProgress implements AutoCloseable {

    private static final Duration TO_A_PERSON = Duration.ofMillis(250);

    /** A log file wants few lines. */
    private static final Duration TO_A_FILE = Duration.ofSeconds(10);

    private static final int COLUMNS = 110;

    private final ProgressBar bar;
    private long rejected;

    CaptionProgress(long images, PrintStream stream, boolean isTerminal) {
        Duration interval = isTerminal ? TO_A_PERSON : TO_A_FILE;
        this.bar =
                new ProgressBarBuilder()
                        .setTaskName("caption")
                        .setInitialMax(images)
                        .setUnit(" images", 1)
                        .setSpeedUnit(ChronoUnit.SECONDS)
                        .showSpeed(new DecimalFormat("0.0"))
                        .setStyle(ProgressBarStyle.ASCII)
                        .setUpdateIntervalMillis((int) interval.toMillis())
                        .setConsumer(new ConsoleProgressBarConsumer(stream, COLUMNS))
                        .build();
        showRejected();
    }

    void answered() {
        bar.step();
    }

    void rejected() {
        rejected++;
        bar.step();
        showRejected();
    }

    private void showRejected() {
        bar.setExtraMessage(" failed: " + rejected);
    }

    @Override
    public void close() {
        bar.close();
    }
}
