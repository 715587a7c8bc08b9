package io.sightmill.llava;

import ai.djl.pytorch.engine.PtNDArray;
import io.sightmill.engine.ModelLoadException;

/**
 * Sees every tensor on its way from the file to the model: counts its bytes, and looks for values
 * that are no numbers if asked to. Used while loading, by one thread.
 */
final class WeightWatch {

    private final boolean checksWeights;
    private final LoadMeter meter;
    private long pendingBytes;

    WeightWatch(LoadOptions options, LoadMeter meter) {
        this.checksWeights = options.checkWeights();
        this.meter = meter;
    }

    /** Checks nothing and tells nobody. */
    static WeightWatch none() {
        return new WeightWatch(LoadOptions.defaults(), LoadMeter.none());
    }

    /**
     * A tensor has been mapped. Its pages are read when it is converted, so it counts as loaded
     * when the next one comes.
     *
     * @param kernels the module of {@code checkpoint.py}
     * @throws ModelLoadException naming file, tensor and place of the first value that is NaN or
     *     infinite
     */
    void mapped(
            CheckpointPart part,
            Checkpoint.Entry entry,
            PtNDArray tensor,
            TorchScriptModule kernels) {
        meter.loading(part, pendingBytes);
        pendingBytes = entry.tensor().byteLength();
        if (checksWeights) {
            FiniteCheck.complaint(entry, tensor, kernels)
                    .ifPresent(
                            complaint -> {
                                throw complaint;
                            });
        }
    }

    /** Nothing more comes. */
    void loaded() {
        meter.loaded(pendingBytes);
        pendingBytes = 0;
    }
}
