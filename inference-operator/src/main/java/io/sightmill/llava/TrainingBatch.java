package io.sightmill.llava;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.sightmill.engine.ImageSpan;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * Samples side by side, filled up at their ends to the longest; what fills them is behind all that
 * attends and is never learned. An image that several samples show is encoded once.
 */
final class TrainingBatch {

    private final ImageLayout layout;
    private final List<TrainingSample> samples;
    private final int length;
    private final List<PixelImage> images = new ArrayList<>();
    private final Map<String, Integer> firstTiles = new HashMap<>();
    private final LongStream.Builder rows = LongStream.builder();
    private final LongStream.Builder slots = LongStream.builder();
    private int tiles;

    TrainingBatch(LlavaConfig config, List<TrainingSample> samples) {
        this.layout = config.imageLayout();
        this.samples = samples;
        this.length = samples.stream().mapToInt(TrainingSample::length).max().orElseThrow();
        for (TrainingSample sample : samples) {
            sample.sequence().images().forEach(span -> addImage((PixelImage) span.image()));
        }
        for (int index = 0; index < samples.size(); index++) {
            for (ImageSpan span : samples.get(index).sequence().images()) {
                long begin = (long) index * length;
                LongStream.range(begin + span.start(), begin + span.end()).forEach(slots);
                addRows((PixelImage) span.image());
            }
        }
    }

    private void addImage(PixelImage image) {
        if (firstTiles.putIfAbsent(image.key(), tiles) == null) {
            images.add(image);
            tiles += image.grid().tiles();
        }
    }

    /** Which projected patch stands at each of an image's tokens. */
    private void addRows(PixelImage image) {
        int patches = layout.tokensPerTile();
        long first = (long) firstTiles.get(image.key()) * patches;
        LongStream.range(first, first + patches).forEach(rows);
        TileGrid grid = image.grid();
        int side = layout.tileSize() / layout.patchSize();
        for (int row = grid.top(); row < grid.top() + grid.patchRows(); row++) {
            for (int column = grid.left(); column < grid.left() + grid.patchColumns(); column++) {
                int tile = 1 + row / side * grid.columns() + column / side;
                rows.add(first + (long) tile * patches + row % side * side + column % side);
            }
            rows.add((long) tiles * patches);
        }
    }

    /** How many positions there are, those that fill up included. */
    int positions() {
        return samples.size() * length;
    }

    /**
     * What every method of {@code training.py} takes first: pixels, rows, ids, slots, predicting,
     * targets, scale.
     *
     * @param scale what the summed loss is multiplied by
     */
    NDList arguments(double scale, NDManager owner) {
        LongStream.Builder ids = LongStream.builder();
        LongStream.Builder predicting = LongStream.builder();
        LongStream.Builder targets = LongStream.builder();
        for (int index = 0; index < samples.size(); index++) {
            TrainingSample sample = samples.get(index);
            for (int at = 0; at < length; at++) {
                boolean inside = at < sample.length();
                // An image's positions may have no token; their embedding is replaced.
                ids.add(inside ? Math.max(0, sample.sequence().tokenIds()[at]) : 0);
                if (inside && sample.targets()[at] != TrainingSample.IGNORED) {
                    predicting.add((long) index * length + at);
                    targets.add(sample.targets()[at]);
                }
            }
        }
        return new NDList(
                pixels(owner),
                longs(rows.build().toArray(), owner),
                owner.create(ids.build().toArray(), new Shape(samples.size(), length)),
                longs(slots.build().toArray(), owner),
                longs(predicting.build().toArray(), owner),
                longs(targets.build().toArray(), owner),
                owner.create((float) scale));
    }

    private NDArray pixels(NDManager owner) {
        if (images.isEmpty()) {
            return owner.create(new Shape(0));
        }
        int size = images.get(0).size();
        FloatBuffer values = FloatBuffer.allocate(tiles * 3 * size * size);
        images.forEach(image -> values.put(image.pixels()));
        return owner.create(values.array(), new Shape(tiles, 3, size, size));
    }

    private static NDArray longs(long[] values, NDManager owner) {
        return owner.create(values, new Shape(values.length));
    }
}
