package io.sightmill.llava;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A checkpoint's vision tower learning to see: a linear head reads from the very features that the
 * projector will take what each patch shows. The head is thrown away; what it could read stays in
 * the features. Used by one thread.
 */
public final class TrainableTower implements Trainable<PatchSample> {

    /** Spread of the head's first weights, as GPT-2 has it. */
    private static final double HEAD_SPREAD = 0.02;

    private final TrainableModel model;
    private final TorchScriptModule kernels;
    private final NDManager manager;
    private final int words;
    private final LearningTensors learning;
    private final NDList network = new NDList();

    /**
     * @param model trains its vision tower and nothing else; stays the caller's
     * @param words how many are told apart
     */
    public TrainableTower(TrainableModel model, int words, long seed) {
        this.model = model;
        this.kernels = model.kernels();
        this.manager = model.manager();
        this.words = words;
        Set<TrainablePart> trained = model.setup().trained();
        if (!trained.equals(Set.of(TrainablePart.VISION))) {
            throw new IllegalArgumentException(
                    "%s are trained and must be VISION alone".formatted(trained));
        }
        if (model.config().isTiled() || model.config().keepsClassPosition()) {
            throw new IllegalArgumentException(
                    "the features of a patch are not one image token; a tower is trained with one tile an image and without its class position");
        }
        int width = model.config().visionFeatureWidth();
        int outputs = words + PatchSample.OTHERS - 1;
        List<LearningTensor> all = new ArrayList<>(model.learning());
        float[] weight = new float[outputs * width];
        RandomValues.of(seed, "patch head", 0, HEAD_SPREAD).fill(weight, 0);
        LearningTensor head = head("patch_head.weight", weight, new Shape(outputs, width));
        LearningTensor bias = head("patch_head.bias", new float[outputs], new Shape(outputs));
        all.add(head);
        all.add(bias);
        this.learning = new LearningTensors(all, model.setup().lanes(), kernels, manager);
        network.addAll(model.vision());
        addNamed(head.weight());
        addNamed(bias.weight());
        network.add(model.states());
    }

    private LearningTensor head(String name, float[] values, Shape shape) {
        PtNDArray tensor = (PtNDArray) manager.create(values, shape);
        tensor.setRequiresGradient(true);
        return LearningTensor.of(name, TrainablePart.VISION, tensor, kernels, manager);
    }

    private void addNamed(PtNDArray tensor) {
        PtNDArray named = kernels.call("same").with(tensor).run(manager);
        named.setName("head[]");
        network.add(named);
    }

    @Override
    public float accumulate(int lane, List<PatchSample> samples, double scale, long seed) {
        try (NDManager step = manager.newSubManager()) {
            NDList arguments = arguments(samples, scale, step);
            learning.addTo(arguments, lane);
            try (NDList result = kernels.runWithGradients("accumulate_patches", arguments)) {
                return result.singletonOrThrow().getFloat();
            }
        }
    }

    /** The loss that {@link #accumulate} would give, without gradients. */
    float loss(List<PatchSample> samples, double scale) {
        try (NDManager step = manager.newSubManager();
                NDList result =
                        kernels.runWithGradients("patch_loss", arguments(samples, scale, step))) {
            return result.singletonOrThrow().getFloat();
        }
    }

    /**
     * How sure the tower is of what each patch shows.
     *
     * @return for each sample [patches, words + 1], the last for a middle: what a logistic function
     *     makes a probability of
     */
    public float[][] logits(List<PatchSample> samples) {
        try (NDManager step = manager.newSubManager();
                NDList result =
                        kernels.runWithGradients("patch_logits", arguments(samples, 1, step))) {
            NDArray logits = result.singletonOrThrow();
            float[] values = logits.toFloatArray();
            float[][] each = new float[samples.size()][values.length / samples.size()];
            for (int index = 0; index < each.length; index++) {
                System.arraycopy(
                        values, index * each[index].length, each[index], 0, each[index].length);
            }
            return each;
        }
    }

    private NDList arguments(List<PatchSample> samples, double scale, NDManager owner) {
        int size = samples.get(0).image().size();
        FloatBuffer pixels = FloatBuffer.allocate(samples.size() * 3 * size * size);
        int patches = model.config().vision().patches();
        FloatBuffer labels =
                FloatBuffer.allocate(samples.size() * patches * (words + PatchSample.OTHERS));
        for (PatchSample sample : samples) {
            pixels.put(sample.image().pixels());
            labels.put(sample.labels());
        }
        Shape rows = new Shape((long) samples.size() * patches, words + PatchSample.OTHERS);
        NDList arguments =
                new NDList(
                        owner.create(pixels.array(), new Shape(samples.size(), 3, size, size)),
                        owner.create(labels.array(), rows),
                        owner.create((float) scale));
        arguments.addAll(network);
        return arguments;
    }

    @Override
    public double operations(List<PatchSample> samples) {
        return model.work().tower(samples.size());
    }

    @Override
    public float update(long step, Map<TrainablePart, Double> rates, AdamWOptions options) {
        return learning.update(step, rates, options);
    }

    @Override
    public long trainedParameters() {
        return learning.parameters();
    }

    @Override
    public String identity() {
        return model.identity() + ", " + words + " words";
    }

    @Override
    public void save(Path file) throws IOException {
        learning.save(file);
    }

    @Override
    public void restore(Path file) {
        learning.restore(file);
    }

    List<LearningTensor> learning() {
        return learning.all();
    }

    /** The model stays open. */
    @Override
    public void close() {
        // What the head consists of is closed with the model.
    }
}
