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
     * @param kind decides the precision of its weights
     * @param names without {@code .weight} and {@code .bias}
     * @param outputs width of each
     */
    List<T> linear(
            LinearLayer kind,
            CheckpointPart part,
            List<String> names,
            int[] outputs,
            int inputs,
            boolean biased);

    /** A linear layer by itself. */
    default List<T> linear(
            LinearLayer kind,
            CheckpointPart part,
            String name,
            int output,
            int inputs,
            boolean biased) {
        return linear(kind, part, List.of(name), new int[] {output}, inputs, biased);
    }

    /**
     * A convolution whose stride is its kernel, as a linear layer without bias.
     *
     * @param shape output width, then the dimensions that become the input
     */
    List<T> patches(CheckpointPart part, String name, long... shape);

    /** A layer without bias whose weight's name is not a layer's, such as tied embeddings. */
    List<T> weight(LinearLayer kind, CheckpointPart part, String name, long... shape);
}
