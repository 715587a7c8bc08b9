package io.sightmill.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightmill.engine.TestRequests.TestImage;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChunkBordersTest {

    private final ChunkBorders borders = new ChunkBorders(10);

    @Test
    void textIsCutEveryChunkTokens() {
        assertThat(all(text(25))).containsExactly(10, 20, 25);
    }

    @Test
    void textThatFillsItsLastChunkHasNoEmptyOneAfterIt() {
        assertThat(all(text(20))).containsExactly(10, 20);
    }

    @Test
    void anImageEndsAChunkAndTextIsCountedFromThere() {
        assertThat(all(TestRequests.prompt(4, 30, 13))).containsExactly(34, 44, 47);
    }

    @Test
    void longTextBeforeAnImageIsCutAndTheRestGoesWithTheImage() {
        assertThat(all(TestRequests.prompt(24, 30, 1))).containsExactly(10, 20, 54, 55);
    }

    @Test
    void anImageAfterExactlyOneChunkOfTextGoesWithIt() {
        assertThat(all(TestRequests.prompt(10, 30, 0))).containsExactly(40);
    }

    @Test
    void anImageOfManyTilesIsCutAtPositionsCountedFromTheLastBorder() {
        assertThat(all(TestRequests.prompt(14, 2_880, 13)))
                .containsExactly(10, 1_034, 2_058, 2_894, 2_904, 2_907);
    }

    @Test
    void aLongerChunkOfTextMayHoldALongerImage() {
        assertThat(new ChunkBorders(3_000).next(TestRequests.prompt(14, 2_880, 13), 0))
                .isEqualTo(2_894);
    }

    @Test
    void everyImageOfSeveralIsABorder() {
        TestImage image = new TestImage("image", 5);
        Prompt prompt =
                new Prompt(
                        new int[20],
                        List.of(
                                new ImageSpan(0, image),
                                new ImageSpan(5, image),
                                new ImageSpan(12, image)));

        assertThat(all(prompt)).containsExactly(5, 10, 17, 20);
    }

    @Test
    void twoPromptsWithTheSamePrefixHaveTheSameBordersInIt() {
        List<Integer> one = all(TestRequests.prompt(15, 30, 8));
        List<Integer> other = all(TestRequests.prompt(15, 30, 64));

        assertThat(one.subList(0, 2)).isEqualTo(other.subList(0, 2)).containsExactly(10, 45);
    }

    @Test
    void anUnlimitedChunkTakesThePromptWhole() {
        assertThat(new ChunkBorders(Integer.MAX_VALUE).next(text(25), 3)).isEqualTo(25);
    }

    private static Prompt text(int tokens) {
        return new Prompt(new int[tokens], List.of());
    }

    private List<Integer> all(Prompt prompt) {
        List<Integer> found = new ArrayList<>();
        for (int at = 0; at < prompt.length(); ) {
            at = borders.next(prompt, at);
            found.add(at);
        }
        return found;
    }
}
