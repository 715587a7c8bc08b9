package io.sightmill.local.command;

import java.io.PrintStream;
import java.text.DecimalFormat;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** The progress bar of a checkpoint being written: bytes done, bytes a second and time left. */
final class MakeCheckpointProgress implements AutoCloseable {

    private static final Duration TO_A_PERSON = Duration.ofMillis(250);

    /** A log file wants few lines. */
    private static final Duration TO_A_FILE = Duration.ofSeconds(10);

    private static final int COLUMNS = 110;
    private static final long MEGABYTE = 1_000_000;

    /** What is written before a person could read a bar. */
    private static final long SMALL = 100 * MEGABYTE;

    private final ProgressBar bar;

    MakeCheckpointProgress(long bytes, PrintStream stream) {
        this.bar = bytes < SMALL ? null : bar(bytes, stream);
    }

    private static ProgressBar bar(long bytes, PrintStream stream) {
        Duration interval = System.console() == null ? TO_A_FILE : TO_A_PERSON;
        return new ProgressBarBuilder()
                .setTaskName("make-checkpoint")
                .setInitialMax(bytes)
                .setUnit(" MB", MEGABYTE)
                .setSpeedUnit(ChronoUnit.SECONDS)
                .showSpeed(new DecimalFormat("0"))
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis((int) interval.toMillis())
                .setConsumer(new ConsoleProgressBarConsumer(stream, COLUMNS))
                .build();
    }

    void written(long bytes) {
        if (bar != null) {
            bar.stepBy(bytes);
        }
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
