package io.sightmill.llava;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A tensor that a model needs of its checkpoint.
 *
 * @param name without the part's prefix
 * @param shape what config.json asks for
 * @param layer the linear layer that it is the weight of; empty for what is kept in the
 *     activations' format
 */
record TensorDeclaration(
        CheckpointPart part, String name, List<Long> shape, Optional<LinearLayer> layer) {

    TensorDeclaration {
        shape = List.copyOf(shape);
    }

    static TensorDeclaration of(
            CheckpointPart part, String name, Optional<LinearLayer> layer, long... shape) {
        return new TensorDeclaration(part, name, Arrays.stream(shape).boxed().toList(), layer);
    }

    long[] shapeArray() {
        return shape.stream().mapToLong(Long::longValue).toArray();
    }

    /** Factors are bounded one by one by the configuration; their product fits all the same. */
    long elements() {
        return shape.stream().reduce(1L, Math::multiplyExact);
    }
}
