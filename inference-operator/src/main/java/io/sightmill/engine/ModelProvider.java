package io.sightmill.engine;

import java.io.Serializable;

/** How to load a model, small enough to travel with a job. Equal providers load the same model. */
public interface ModelProvider extends Serializable {

    /**
     * Loads the model; takes seconds to minutes.
     *
     * @throws ModelLoadException if the checkpoint is broken
     */
    Model open(Device device);
}
