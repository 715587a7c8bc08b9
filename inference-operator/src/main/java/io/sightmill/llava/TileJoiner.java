package io.sightmill.llava;

import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import java.util.List;

/**
 * The project stage's last move for an image of several tiles: the whole image's features, then the
 * patches of the other tiles row by row without the bars, each row ended by the newline that the
 * model learned. Used by one thread.
 */
final class TileJoiner {

    private static final String NEWLINE = "image_newline";

    private final TorchScriptModule kernels;
    private final PtNDArray newline;
    private final int patchesPerSide;

    /**
     * @param owner closes what is loaded, and the kernels
     */
    TileJoiner(LlavaConfig config, WeightLoader weights, NDManager owner) {
        newline = newline(config, weights);
        patchesPerSide = config.vision().imageSize() / config.vision().patchSize();
        kernels = TorchScriptModule.load("tiles", owner);
    }

    /** Asks for all that is loaded. */
    static <T> T newline(LlavaConfig config, Weights<T> weights) {
        return weights.parameter(CheckpointPart.MODEL, NEWLINE, config.text().hiddenSize());
    }

    /**
     * Joins an image's tiles.
     *
     * @param tiles features of each, the whole image first, [patches, text width]
     * @param owner closes the result
     * @return [image tokens, text width]
     */
    PtNDArray join(List<PtNDArray> tiles, TileGrid grid, NDManager owner) {
        return kernels.call("join")
                .with(tiles)
                .with(newline)
                .with(new long[] {grid.rows(), grid.columns(), patchesPerSide})
                .with(new long[] {grid.top(), grid.top() + grid.patchRows()})
                .with(new long[] {grid.left(), grid.left() + grid.patchColumns()})
                .run(owner);
    }
}
