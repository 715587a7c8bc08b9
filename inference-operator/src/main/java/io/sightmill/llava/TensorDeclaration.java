package io.sightmill.llava;

import java.util.Arrays;
import java.util.List;

/**
 * A tensor that a model needs of its checkpoint.
 *
 * @param name without the part's prefix
 * @param shape what config.json asks for
 */
record TensorDeclaration(CheckpointPart part, String name, List<Long> shape, Use use) {

    /** What becomes of a tensor, which decides the number format it is kept in. */
    enum Use {
        /** Kept as it is, in the activations' format. */
        PARAMETER,
        /** The weight of a matrix product, in the products' format. */
        PRODUCT
    }

    TensorDeclaration {
        shape = List.copyOf(shape);
    }

    static TensorDeclaration of(CheckpointPart part, String name, Use use, long... shape) {
        return new TensorDeclaration(part, name, Arrays.stream(shape).boxed().toList(), use);
    }

    long[] shapeArray() {
        return shape.stream().mapToLong(Long::longValue).toArray();
    }

    /** Factors are bounded one by one by the configuration; their product fits all the same. */
    long elements() {
        return shape.stream().reduce(1L, Math::multiplyExact);
    }
}
