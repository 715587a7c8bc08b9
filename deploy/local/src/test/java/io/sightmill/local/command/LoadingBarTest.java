package io.sightmill.local.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class LoadingBarTest {

    private static final long ALL = 2_820_000_000L;

    private final ByteArrayOutputStream screen = new ByteArrayOutputStream();
    private final PrintStream stream = new PrintStream(screen, true, StandardCharsets.UTF_8);

    @Test
    void saysHowMuchIsLoadedAndWhatOfIt() {
        try (LoadingBar bar = new LoadingBar(stream)) {
            bar.advanced("vision", 300_000_000, ALL);
            bar.advanced("language", 1_410_000_000, ALL);
        }

        assertThat(shown()).contains("loading  50% [", "1410/2820 MB", "MB/s language");
    }

    /** What follows the loading takes seconds in which a full bar would go on counting. */
    @Test
    void isFinishedWithTheLastBytes() {
        try (LoadingBar bar = new LoadingBar(stream)) {
            bar.advanced("digest", ALL, ALL);
            bar.advanced("afterwards", ALL, ALL);
        }

        assertThat(shown())
                .contains("loading 100% [", "2820/2820 MB", "digest")
                .doesNotContain("afterwards");
    }

    @Test
    void appearsWithTheFirstBytesOnly() {
        new LoadingBar(stream).close();

        assertThat(shown()).isEmpty();
    }

    /** Standard error of a test is no terminal. */
    @Test
    void isSilentWhereNobodyIsWatching() {
        PrintStream before = System.err;
        System.setErr(stream);
        try (LoadingBar unwatched = LoadingBar.onTerminal();
                LoadingBar hidden = LoadingBar.hidden()) {
            unwatched.advanced("vision", 1, ALL);
            hidden.advanced("vision", ALL, ALL);
        } finally {
            System.setErr(before);
        }

        assertThat(shown()).isEmpty();
    }

    private String shown() {
        return screen.toString(StandardCharsets.UTF_8);
    }
}
