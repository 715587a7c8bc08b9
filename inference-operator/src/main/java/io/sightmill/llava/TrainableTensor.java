package io.sightmill.llava;

import ai.djl.pytorch.engine.PtNDArray;
import java.util.List;

/**
 * A weight as training keeps it: one tensor of the checkpoint, or several that share their input,
 * stacked.
 *
 * @param name of its first piece in the checkpoint
 * @param tensor rows of all pieces
 * @param pieces in order; together they are the whole tensor
 */
record TrainableTensor(
        String name, TrainablePart part, PtNDArray tensor, List<Checkpoint.Entry> pieces) {

    TrainableTensor {
        pieces = List.copyOf(pieces);
    }
}
