package io.sightmill.llava;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * All that learns in a model, in a fixed order: moved by AdamW, saved and restored together. The
 * tensors are the manager's; used by one thread, but for {@link #addTo}.
 */
final class LearningTensors {

    private final List<LearningTensor> all;
    private final List<List<PtNDArray>> gradients = new ArrayList<>();
    private final TorchScriptModule kernels;
    private final NDManager manager;

    /**
     * @param lanes how many gradients of its own each tensor has
     * @param kernels the module of {@code training.py}
     */
    LearningTensors(
            List<LearningTensor> all, int lanes, TorchScriptModule kernels, NDManager manager) {
        this.all = List.copyOf(all);
        this.kernels = kernels;
        this.manager = manager;
        gradients.add(all.stream().map(LearningTensor::gradient).toList());
        for (int lane = 1; lane < lanes; lane++) {
            gradients.add(all.stream().map(each -> each.furtherGradient(manager)).toList());
        }
    }

    List<LearningTensor> all() {
        return all;
    }

    /** Appends weights and a lane's gradients, as kernels take them that accumulate. */
    void addTo(NDList arguments, int lane) {
        all.forEach(each -> arguments.add(each.trained()));
        arguments.addAll(gradients.get(lane));
    }

    long parameters() {
        return all.stream().mapToLong(each -> each.weight().size()).sum();
    }

    /** See {@link Trainable#update}. */
    float update(long step, Map<TrainablePart, Double> rates, AdamWOptions options) {
        join();
        float norm = clip(options);
        for (TrainablePart part : TrainablePart.values()) {
            List<LearningTensor> own = all.stream().filter(each -> each.part() == part).toList();
            if (!own.isEmpty()) {
                update(own, step, rates.get(part), options);
            }
        }
        return norm;
    }

    /** Adds the further lanes' gradients to the first one's, in order, and clears them. */
    private void join() {
        for (List<PtNDArray> further : gradients.subList(1, gradients.size())) {
            kernels.call("join").with(gradients.get(0)).with(further).run(manager).close();
        }
    }

    private float clip(AdamWOptions options) {
        try (PtNDArray norm =
                kernels.call("clip")
                        .with(gradients.get(0))
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
