package io.sightmill.llava;

import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import io.sightmill.engine.ImageSpan;
import io.sightmill.engine.PreparedImage;
import io.sightmill.engine.Prompt;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Encoded and projected images, kept while an admitted sequence uses them: the tasks of a request
 * share one encode. Used by the engine's thread.
 */
final class ImageFeatures implements AutoCloseable {

    private final LlavaNetwork network;
    private final NDManager owner;
    private final Map<String, Integer> users = new HashMap<>();
    private final Map<String, PtNDArray> features = new HashMap<>();

    /**
     * @param network stays the caller's
     */
    ImageFeatures(LlavaNetwork network) {
        this.network = network;
        this.owner = network.newScope();
    }

    /** A sequence with this prompt begins. */
    void retain(Prompt prompt) {
        keys(prompt).forEach(key -> users.merge(key, 1, Integer::sum));
    }

    /** A sequence with this prompt ended; features that no other uses are freed. */
    void release(Prompt prompt) {
        for (String key : keys(prompt)) {
            if (users.merge(key, -1, (count, one) -> count + one == 0 ? null : count + one)
                    == null) {
                PtNDArray unused = features.remove(key);
                if (unused != null) {
                    unused.close();
                }
            }
        }
    }

    /** Whether {@link #of} has no work to do. */
    boolean has(PreparedImage image) {
        return features.containsKey(image.key());
    }

    /**
     * An image's features, [image.tokens(), text width]; encoded and projected the first time. They
     * stay this object's.
     */
    PtNDArray of(PreparedImage image) {
        PtNDArray known = features.get(image.key());
        if (known != null) {
            return known;
        }
        PtNDArray made = encode((PixelImage) image);
        features.put(image.key(), made);
        return made;
    }

    private PtNDArray encode(PixelImage image) {
        requireFits(image);
        if (image.grid().tiles() == 1) {
            return project(image.tile(0), owner);
        }
        TileJoiner joiner = network.tiles().orElseThrow();
        try (NDManager scope = network.newScope()) {
            List<PtNDArray> tiles = new ArrayList<>();
            for (int tile = 0; tile < image.grid().tiles(); tile++) {
                tiles.add(project(image.tile(tile), scope));
            }
            return joiner.join(tiles, image.grid(), owner);
        }
    }

    /** One tile's features; a tile is encoded alone, so that they never depend on others. */
    private PtNDArray project(float[] pixels, NDManager resultOwner) {
        try (NDManager scope = network.newScope();
                PtNDArray hidden = network.encoder().encode(pixels, scope)) {
            return network.projector().project(hidden, resultOwner);
        }
    }

    private void requireFits(PixelImage image) {
        int size = network.config().vision().imageSize();
        int tokens = network.config().imageLayout().tokens(image.grid());
        boolean isTiled = image.grid().tiles() > 1;
        if (image.size() != size
                || image.tokens() != tokens
                || isTiled != network.config().isTiled()) {
            throw new IllegalArgumentException(
                    "an image of %d tiles of %d pixels and %d tokens does not fit a model of %d pixels and %d tokens"
                            .formatted(
                                    image.grid().tiles(),
                                    image.size(),
                                    image.tokens(),
                                    size,
                                    tokens));
        }
    }

    private static Set<String> keys(Prompt prompt) {
        return prompt.images().stream()
                .map(ImageSpan::image)
                .map(PreparedImage::key)
                .collect(Collectors.toSet());
    }

    @Override
    public void close() {
        owner.close();
    }
}
