package io.sightmill.llava;

import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import io.sightmill.engine.ImageCounters;
import io.sightmill.engine.PreparedImage;
import io.sightmill.engine.Prompt;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Encoded and projected images: those that an admitted sequence uses, and as many of the others as
 * their bound allows, the least recently used forgotten first. An image is known by its content and
 * processing, and by its tenant: nobody can tell by the time an answer takes what others have sent.
 * Used by the engine's thread.
 */
final class ImageFeatures implements AutoCloseable {

    private final LlavaNetwork network;
    private final NDManager owner;
    private final Map<Key, Integer> users = new HashMap<>();

    /** The least recently used first. */
    private final Map<Key, PtNDArray> features = new LinkedHashMap<>(16, 0.75f, true);

    private long mostUnusedBytes;
    private long hits;
    private long misses;

    /** What makes two images' features the same ones. */
    private record Key(String tenant, String image) {}

    /**
     * Keeps what is used and nothing else, until it is told otherwise.
     *
     * @param network stays the caller's
     */
    ImageFeatures(LlavaNetwork network) {
        this.network = network;
        this.owner = network.newScope();
    }

    /**
     * Keeps features that no sequence uses.
     *
     * @param bytes most they may take
     */
    void keepUnused(long bytes) {
        mostUnusedBytes = bytes;
        forgetUnused();
    }

    /** A sequence of a tenant with this prompt begins. */
    void retain(String tenant, Prompt prompt) {
        keys(tenant, prompt).forEach(key -> users.merge(key, 1, Integer::sum));
    }

    /** A sequence of a tenant with this prompt ended. */
    void release(String tenant, Prompt prompt) {
        for (Key key : keys(tenant, prompt)) {
            users.computeIfPresent(key, (any, count) -> count == 1 ? null : count - 1);
        }
        forgetUnused();
    }

    private void forgetUnused() {
        long unused =
                features.entrySet().stream()
                        .filter(entry -> !users.containsKey(entry.getKey()))
                        .mapToLong(entry -> bytes(entry.getValue()))
                        .sum();
        Iterator<Map.Entry<Key, PtNDArray>> oldest = features.entrySet().iterator();
        while (unused > mostUnusedBytes) {
            Map.Entry<Key, PtNDArray> entry = oldest.next();
            if (!users.containsKey(entry.getKey())) {
                unused -= bytes(entry.getValue());
                entry.getValue().close();
                oldest.remove();
            }
        }
    }

    private long bytes(PtNDArray features) {
        return features.getShape().size() * network.numberBytes();
    }

    /** What it has done. */
    ImageCounters counters() {
        long bytes = features.values().stream().mapToLong(this::bytes).sum();
        return new ImageCounters(hits, misses, bytes);
    }

    /** The features of an image that a sequence needs now: {@link #of}, and counted. */
    PtNDArray encode(String tenant, PreparedImage image) {
        if (features.containsKey(new Key(tenant, image.key()))) {
            hits++;
        } else {
            misses++;
        }
        return of(tenant, image);
    }

    /** The features of an image of nobody in particular. */
    PtNDArray of(PreparedImage image) {
        return of("", image);
    }

    /**
     * An image's features, [image.tokens(), text width]; encoded and projected if they are not
     * there. They stay this object's.
     */
    PtNDArray of(String tenant, PreparedImage image) {
        Key key = new Key(tenant, image.key());
        PtNDArray known = features.get(key);
        if (known != null) {
            return known;
        }
        PtNDArray made = encode((PixelImage) image);
        features.put(key, made);
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

    private static Set<Key> keys(String tenant, Prompt prompt) {
        return prompt.images().stream()
                .map(span -> new Key(tenant, span.image().key()))
                .collect(Collectors.toSet());
    }

    @Override
    public void close() {
        owner.close();
    }
}
