package io.sightmill.llava;

import io.sightmill.engine.ModelLoadException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What learns from samples of one kind. A step is one or more {@link #accumulate} and one {@link
 * #update}. Used by one thread, but that each lane may accumulate on a thread of its own.
 *
 * @param <S> the samples
 */
public interface Trainable<S extends LearnedSample> extends AutoCloseable {

    /**
     * Runs samples forwards and backwards and adds to a lane's gradients.
     *
     * @param lane from 0; each has gradients of its own, which {@link #update} adds up in order
     * @param scale what the loss, summed over all learned positions, is multiplied by; one over
     *     their number in the whole step gives the mean, however the step is divided
     * @param seed of what is left to chance
     * @return the loss, times scale
     */
    float accumulate(int lane, List<S> samples, double scale, long seed);

    /** Operations of {@link #accumulate}, in matrix products and attention. */
    double operations(List<S> samples);

    /**
     * Moves the weights against the gradients and clears these.
     *
     * @param step how many updates there have been, this one included
     * @param rates learning rate of each part that learns
     * @return the norm over all gradients, before it was bounded
     */
    float update(long step, Map<TrainablePart, Double> rates, AdamWOptions options);

    /** How many numbers are trained. */
    long trainedParameters();

    /**
     * Tells weights apart from others to begin with, such as a checkpoint's.
     *
     * @throws ModelLoadException if they cannot be read
     */
    String identity();

    /**
     * Saves what a later run goes on from: {@link #restore} gives the same bits.
     *
     * @throws IOException if the file cannot be written whole
     */
    void save(Path file) throws IOException;

    /**
     * Takes up what {@link #save} wrote, on something that was opened in the same way.
     *
     * @throws ModelLoadException if the file is broken or of another model
     */
    void restore(Path file);

    @Override
    void close();
}
