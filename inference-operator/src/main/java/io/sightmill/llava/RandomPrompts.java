package io.sightmill.llava;

import io.sightmill.engine.ImageSpan;
import io.sightmill.engine.Prompt;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Prompts drawn from a seed, every second one with an image: the same for every precision, so that
 * what comes out can be compared.
 */
final class RandomPrompts {

    /** So long that attention has something to attend to, and many fit a run of a minute. */
    private static final int TEXT_TOKENS = 96;

    /** An image of this size is cut into several tiles where a checkpoint has tiles at all. */
    private static final int IMAGE_HEIGHT = 480;

    private static final int IMAGE_WIDTH = 640;

    private final LlavaConfig config;
    private final Random random;

    RandomPrompts(LlavaConfig config, long seed) {
        this.config = config;
        this.random = new Random(seed);
    }

    /** As many as it takes to have this many positions. */
    List<Prompt> positions(int least) {
        List<Prompt> prompts = new ArrayList<>();
        for (int positions = 0; positions < least; ) {
            Prompt prompt = prompts.size() % 2 == 0 ? withImage() : text();
            prompts.add(prompt);
            positions += prompt.length();
        }
        return prompts;
    }

    /**
     * Random ids around one image of random pixels.
     *
     * @throws IllegalArgumentException if the model's context does not hold an image
     */
    Prompt withImage() {
        ImageLayout layout = config.imageLayout();
        TileGrid grid = layout.grid(IMAGE_HEIGHT, IMAGE_WIDTH);
        int tokens = layout.tokens(grid);
        int size = config.vision().imageSize();
        float[] pixels = new float[Math.multiplyExact(grid.tiles(), 3 * size * size)];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (float) random.nextGaussian();
        }
        PixelImage image =
                new PixelImage(pixels, size, grid, Long.toHexString(random.nextLong()), tokens);
        int room = config.text().contextTokens() - tokens;
        if (room < 2) {
            throw new IllegalArgumentException(
                    "a context of %d tokens does not hold an image of %d"
                            .formatted(config.text().contextTokens(), tokens));
        }
        int[] ids = ids(tokens + Math.min(room, TEXT_TOKENS));
        return new Prompt(ids, List.of(new ImageSpan(1, image)));
    }

    private Prompt text() {
        return new Prompt(ids(Math.min(config.text().contextTokens(), TEXT_TOKENS)), List.of());
    }

    private int[] ids(int count) {
        return random.ints(count, 0, config.text().vocabularySize()).toArray();
    }
}
