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
        PixelImage image = image();
        int room = config.text().contextTokens() - image.tokens();
        if (room < 2) {
            throw new IllegalArgumentException(
                    "a context of %d tokens does not hold an image of %d"
                            .formatted(config.text().contextTokens(), image.tokens()));
        }
        return around(image, Math.min(room, TEXT_TOKENS));
    }

    /** Random ids around an image: one before it, the others after it. */
    Prompt around(PixelImage image, int textTokens) {
        return new Prompt(ids(image.tokens() + textTokens), List.of(new ImageSpan(1, image)));
    }

    /** An image of random pixels. */
    PixelImage image() {
        ImageLayout layout = config.imageLayout();
        TileGrid grid = layout.grid(IMAGE_HEIGHT, IMAGE_WIDTH);
        int size = config.vision().imageSize();
        float[] pixels = new float[Math.multiplyExact(grid.tiles(), 3 * size * size)];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (float) random.nextGaussian();
        }
        String key = Long.toHexString(random.nextLong());
        return new PixelImage(pixels, size, grid, key, layout.tokens(grid));
    }

    Prompt text() {
        return new Prompt(ids(Math.min(config.text().contextTokens(), TEXT_TOKENS)), List.of());
    }

    /** Random ids of the vocabulary. */
    int[] ids(int count) {
        return random.ints(count, 0, config.text().vocabularySize()).toArray();
    }
}
