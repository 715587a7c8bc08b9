package io.sightmill.llava;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * All that learns in a model, in a fixed order: moved by AdamW, saved and restored together. The
 * tensors are the manager's; used by one thread.
 *
 * @param kernels the module of {@code training.py}
 */
record LearningTensors(List<LearningTensor> all, TorchScriptModule kernels, NDManager manager) {

    LearningTensors {
        all = List.copyOf(all);
    }

    /** Appends weights and gradients, as kernels take them that accumulate. */
    void addTo(NDList arguments) {
        all.forEach(each -> arguments.add(each.trained()));
        all.forEach(each -> arguments.add(each.gradient()));
    }

    long parameters() {
        return all.stream().mapToLong(each -> each.weight().size()).sum();
    }

    /** See {@link Trainable#update}. */
    float update(long step, Map<TrainablePart, Double> rates, AdamWOptions options) {
        float norm = clip(options);
        for (TrainablePart part : TrainablePart.values()) {
            List<LearningTensor> own = all.stream().filter(each -> each.part() == part).toList();
            if (!own.isEmpty()) {
                update(own, step, rates.get(part), options);
            }
        }
        return norm;
    }

    private float clip(AdamWOptions options) {
        try (PtNDArray norm =
                kernels.call("clip")
                        .with(all.stream().map(LearningTensor::gradient).toList())
                        .with(options.mostGradientNorm())
                        .run(manager)) {
            return norm.getFloat();
        }
    }

    private void update(List<LearningTensor> own, long step, double rate, AdamWOptions options) {
        kernels.call("update")
                .with(own.stream().map(LearningTensor::weight).toList())
                .with(own.stream().map(LearningTensor::gradient).toList())
                .with(own.stream().map(LearningTensor::first).toList())
                .with(own.stream().map(LearningTensor::second).toList())
                .with((double) step)
                .with(rate)
                .with(options.beta1())
                .with(options.beta2())
                .with(options.weightDecay())
                .with(options.epsilon())
                .run(manager)
                .close();
    }

    void save(Path file) throws IOException {
        TrainingState.write(all, file);
    }

    void restore(Path file) {
        TrainingState.read(all, file, kernels);
    }
}
