package io.sightmill.llava;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightmill.llava.ImageLayout.Rounding;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Where the authors' {@code int(x)} and Hugging Face's {@code int(round(x, 7))} part.
 *
 * <p>The counts were computed apart from this project's code: both rules written down in Python
 * over sizes from 100 to 2,000 in steps of 4, on 336-pixel tiles; these sizes differ.
 */
class ImageRoundingTest {

    @ParameterizedTest
    @CsvSource({
        // width, height, authors, Hugging Face
        "704, 1496, 1826, 1876",
        "1496, 704, 1800, 1848",
        "220, 1056, 1656, 1800",
        "396, 704, 1872, 1968",
        "352, 836, 1976, 2026",
        "1056, 220, 1598, 1744",
        "1848, 704, 2088, 2136",
    })
    void aProductJustBelowAWholeNumberLosesARowToTheAuthorsRule(
            int width, int height, int authors, int huggingFace) {
        assertThat(tokens(Rounding.TRUNCATED, height, width)).isEqualTo(authors);
        assertThat(tokens(Rounding.REPAIRED_AND_TRUNCATED, height, width)).isEqualTo(huggingFace);
    }

    @ParameterizedTest
    @CsvSource({"640, 480, 2340", "480, 640, 2352", "1920, 1080, 1948", "336, 336, 1176"})
    void otherSizesTakeTheSameBothWays(int width, int height, int tokens) {
        assertThat(tokens(Rounding.TRUNCATED, height, width)).isEqualTo(tokens);
        assertThat(tokens(Rounding.REPAIRED_AND_TRUNCATED, height, width)).isEqualTo(tokens);
    }

    @Test
    void theLayoutOfTheFilesDecides() {
        assertThat(LlavaConfig.read(ReferenceFiles.path("authors/v1.6")).imageLayout().rounding())
                .isEqualTo(Rounding.TRUNCATED);
        assertThat(LlavaConfig.read(ReferenceFiles.path("next")).imageLayout().rounding())
                .isEqualTo(Rounding.REPAIRED_AND_TRUNCATED);
    }

    private static int tokens(Rounding rounding, int height, int width) {
        ImageLayout layout = new ImageLayout(576, 336, 14, Resolution.DEFAULTS, rounding);
        return layout.tokens(layout.grid(height, width));
    }
}
