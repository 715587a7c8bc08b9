package io.sightmill.llava;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ImageLayoutTest {

    private static final int TILE = 336;
    private static final ImageLayout NEXT = new ImageLayout(576, TILE, 14, Resolution.DEFAULTS);

    static Stream<JsonNode> referenceSizes() throws IOException {
        JsonNode cases = ReferenceFiles.json("anyres_geometry.json").get("cases");
        return StreamSupport.stream(cases.spliterator(), false);
    }

    /** Pairs of the file are (width, height), the resolutions too, but for unpadded_hw. */
    @ParameterizedTest
    @MethodSource("referenceSizes")
    void laysAnImageOutAsTheReferenceDoes(JsonNode expected) throws IOException {
        int[] image = ReferenceFiles.ids(expected.get("image"));
        ImageLayout layout = new ImageLayout(576, TILE, 14, referenceResolutions());

        TileGrid grid = layout.grid(image[1], image[0]);

        int[] best = {grid.columns() * TILE, grid.rows() * TILE};
        assertThat(best).isEqualTo(ReferenceFiles.ids(expected.get("best")));
        assertThat(new int[] {grid.imageWidth(), grid.imageHeight()})
                .isEqualTo(ReferenceFiles.ids(expected.get("resized")));
        assertThat(
                        new int[] {
                            (best[0] - grid.imageWidth()) / 2, (best[1] - grid.imageHeight()) / 2
                        })
                .isEqualTo(ReferenceFiles.ids(expected.get("paste")));
        assertThat(new int[] {grid.columns(), grid.rows()})
                .isEqualTo(ReferenceFiles.ids(expected.get("grid")));
        assertThat(grid.tiles()).isEqualTo(expected.get("tiles").asInt());
        assertThat(new int[] {grid.patchRows(), grid.patchColumns()})
                .isEqualTo(ReferenceFiles.ids(expected.get("unpadded_hw")));
        assertThat(layout.tokens(grid)).isEqualTo(expected.get("tokens_spatial_unpad").asInt());
    }

    private static List<Resolution> referenceResolutions() throws IOException {
        JsonNode pairs = ReferenceFiles.json("anyres_geometry.json").get("grid_pinpoints");
        return StreamSupport.stream(pairs.spliterator(), false)
                .map(pair -> new Resolution(pair.get(1).asInt(), pair.get(0).asInt()))
                .toList();
    }

    @Test
    void theReferencesSizesAreAllThere() throws IOException {
        assertThat(referenceSizes()).hasSize(20);
    }

    /** A square fills a lying and a standing pair of tiles alike. */
    @Test
    void takesTheFirstOfEquallyGoodResolutions() {
        assertThat(NEXT.grid(336, 336).rows()).isEqualTo(1);
        assertThat(NEXT.grid(336, 336).columns()).isEqualTo(2);
    }

    /** Where the authors' truncation without rounding gives another number. */
    @Test
    void roundsBeforeItTruncates() {
        assertThat(NEXT.tokens(NEXT.grid(1496, 704))).isEqualTo(1876);
    }

    /** Tiles of four patches a side: sizes and positions of the recorded NeXT cases. */
    @ParameterizedTest
    @CsvSource({"90, 40, 56", "56, 56, 36", "70, 110, 70", "30, 150, 42"})
    void countsThePositionsOfSmallTiles(int height, int width, int tokens) {
        List<Resolution> small =
                Resolution.DEFAULTS.stream()
                        .map(size -> new Resolution(size.height() / 6, size.width() / 6))
                        .toList();
        ImageLayout layout = new ImageLayout(16, 56, 14, small);

        assertThat(layout.tokens(layout.grid(height, width))).isEqualTo(tokens);
    }

    @ParameterizedTest
    @CsvSource({"1, 65535", "65535, 1", "50, 4000"})
    void anImageFlatterThanAPatchStillHasItsWholeTile(int height, int width) {
        TileGrid grid = NEXT.grid(height, width);

        assertThat(grid.imageHeight()).isPositive();
        assertThat(grid.imageWidth()).isPositive();
        assertThat(NEXT.tokens(grid)).isBetween(576, 576 + 72);
    }

    @Test
    void withoutResolutionsAnImageIsOneTile() {
        ImageLayout layout = ImageLayout.oneTile(576);

        assertThat(layout.grid(100, 3_000)).isEqualTo(TileGrid.NONE);
        assertThat(TileGrid.NONE.tiles()).isEqualTo(1);
        assertThat(layout.tokens(TileGrid.NONE)).isEqualTo(576);
    }

    @Test
    void refusesAResolutionThatIsNotMadeOfTiles() {
        assertThatThrownBy(() -> new ImageLayout(576, 336, 14, List.of(new Resolution(336, 500))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("image_grid_pinpoints has a width of 500, no multiple");
    }

    @ParameterizedTest
    @CsvSource({"1, 512, 512", "4096, 8192, 4096"})
    void refusesAResolutionThatNoImageShouldCost(int tile, int height, int width) {
        List<Resolution> huge = List.of(new Resolution(height, width));

        assertThatThrownBy(() -> new ImageLayout(1, tile, 1, huge))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("image_grid_pinpoints has %d x %d".formatted(height, width));
    }
}
