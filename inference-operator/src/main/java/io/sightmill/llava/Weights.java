package io.sightmill.llava;

import java.util.List;

/**
 * What a stage asks a checkpoint for. The stage says it once, in code that runs twice: to load, and
 * to declare what it would load, so that the two cannot differ.
 *
 * @param <T> what is handed out: a loaded tensor, or the declaration of one
 */
interface Weights<T> {

    /** A norm's weight, an embedding table and the like. */
    T parameter(CheckpointPart part, String name, long... shape);

    /**
     * A linear layer made of one or more that share their input, stacked in order.
     *
     * @param names without {@code .weight} and {@code .bias}
     * @param outputs width of each
     */
    List<T> linear(
            CheckpointPart part, List<String> names, int[] outputs, int inputs, boolean biased);

    /** A linear layer by itself. */
    default List<T> linear(
            CheckpointPart part, String name, int output, int inputs, boolean biased) {
        return linear(part, List.of(name), new int[] {output}, inputs, biased);
    }

    /**
     * A convolution whose stride is its kernel, as a linear layer without bias.
     *
     * @param shape output width, then the dimensions that become the input
     */
    T patchWeight(CheckpointPart part, String name, long... shape);

    /** A weight without bias whose name is not a layer's, such as tied embeddings. */
    T weight(CheckpointPart part, String name, long... shape);
}
