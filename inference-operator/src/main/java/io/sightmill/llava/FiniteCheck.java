package io.sightmill.llava;

import ai.djl.pytorch.engine.PtNDArray;
import io.sightmill.engine.ModelLoadException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Looks through a tensor for values that are NaN or infinite. */
final class FiniteCheck {

    private FiniteCheck() {}

    /**
     * Reads the whole tensor, a piece at a time.
     *
     * @param tensor as it is mapped from the entry's file
     * @param kernels the module of {@code checkpoint.py}
     * @return what to say of the first such value; empty if there is none
     */
    static Optional<ModelLoadException> complaint(
            Checkpoint.Entry entry, PtNDArray tensor, TorchScriptModule kernels) {
        long index;
        try (PtNDArray first =
                kernels.call("first_not_finite").with(tensor).run(tensor.getManager())) {
            index = first.getLong(0);
        }
        if (index < 0) {
            return Optional.empty();
        }
        return Optional.of(
                new ModelLoadException(
                        "%s: tensor '%s' is NaN or infinite at %s; the file is damaged or its training failed: download it again"
                                .formatted(
                                        entry.file().path(),
                                        entry.tensor().name(),
                                        Arrays.toString(place(index, entry.tensor().shape())))));
    }

    /** The index in each dimension of a position counted over the whole tensor. */
    static long[] place(long index, List<Long> shape) {
        long[] place = new long[shape.size()];
        long rest = index;
        for (int dimension = place.length - 1; dimension >= 0; dimension--) {
            place[dimension] = rest % shape.get(dimension);
            rest /= shape.get(dimension);
        }
        return place;
    }
}
