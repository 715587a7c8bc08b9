package io.sightmill.local.deployment;

import io.sightmill.engine.Device;
import io.sightmill.engine.Model;
import io.sightmill.engine.ModelProvider;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Hands a model that was loaded in this JVM to the job that runs in the same JVM. The command line
 * needs the model before the job does: to tell at once that a checkpoint is broken, and to name the
 * requests after its weights. Whoever opens it first gets the loaded one and owns it; after that,
 * as when the job restarts, the model is loaded again.
 *
 * @param loader what loads the model
 */
record PreloadedModelProvider(ModelProvider loader) implements ModelProvider {

    private static final long serialVersionUID = 1L;

    /** A provider travels with the job and comes back as a copy; equal ones find the same model. */
    private static final Map<ModelProvider, Model> LOADED = new ConcurrentHashMap<>();

    PreloadedModelProvider {
        Objects.requireNonNull(loader, "loader");
    }

    /**
     * Loads the model for whoever opens it next.
     *
     * @param first how it is loaded this time, with somebody watching
     */
    Model load(Supplier<Model> first) {
        Model model = first.get();
        LOADED.put(loader, model);
        return model;
    }

    /** Closes the model if nobody has opened it. */
    void discard() {
        Model model = LOADED.remove(loader);
        if (model != null) {
            model.close();
        }
    }

    @Override
    public Model open(Device device) {
        Model model = LOADED.remove(loader);
        return model == null ? loader.open(device) : model;
    }
}
