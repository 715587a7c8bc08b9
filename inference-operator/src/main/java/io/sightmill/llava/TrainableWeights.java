package io.sightmill.llava;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Loads a checkpoint's tensors for training: copies, unpacked; float32 what learns, in the type of
 * the products what does not. Used while loading, by one thread.
 */
final class TrainableWeights implements Weights<PtNDArray>, AutoCloseable {

    private final Checkpoint checkpoint;
    private final TrainingSetup setup;
    private final TorchScriptModule training;
    private final NDManager owner;
    private final NDManager mapped;
    private final TensorMapper mapper;
    private final PtNDArray empty;
    private final Map<String, TrainableTensor> loaded = new LinkedHashMap<>();

    /**
     * @param training the module of {@code training.py}; stays the caller's
     * @param owner closes what is loaded
     */
    TrainableWeights(
            Checkpoint checkpoint,
            TrainingSetup setup,
            TorchScriptModule training,
            NDManager owner) {
        this.checkpoint = checkpoint;
        this.setup = setup;
        this.training = training;
        this.owner = owner;
        this.mapped = owner.newSubManager(ai.djl.Device.cpu());
        this.mapper = new TensorMapper(TorchScriptModule.load("checkpoint", mapped));
        this.empty = (PtNDArray) owner.create(new Shape(0));
    }

    /** All that has been loaded, in order, each once. */
    List<TrainableTensor> loaded() {
        return List.copyOf(loaded.values());
    }

    @Override
    public PtNDArray parameter(CheckpointPart part, String name, long... shape) {
        return load(List.of(checkpoint.find(part, name, shape)), part, new Shape(shape));
    }

    @Override
    public List<PtNDArray> linear(
            LinearLayer kind,
            CheckpointPart part,
            List<String> names,
            int[] outputs,
            int inputs,
            boolean biased) {
        List<Checkpoint.Entry> weights = new ArrayList<>();
        List<Checkpoint.Entry> biases = new ArrayList<>();
        int rows = 0;
        for (int i = 0; i < outputs.length; i++) {
            weights.add(checkpoint.find(part, names.get(i) + ".weight", outputs[i], inputs));
            if (biased) {
                biases.add(checkpoint.find(part, names.get(i) + ".bias", outputs[i]));
            }
            rows += outputs[i];
        }
        return List.of(
                load(weights, part, new Shape(rows, inputs)),
                biased ? load(biases, part, new Shape(rows)) : empty);
    }

    @Override
    public List<PtNDArray> patches(CheckpointPart part, String name, long... shape) {
        Shape flat = new Shape(shape[0], new Shape(shape).size() / shape[0]);
        return List.of(load(List.of(checkpoint.find(part, name, shape)), part, flat), empty);
    }

    /** A tensor that two layers share is one, and learns from both. */
    @Override
    public List<PtNDArray> weight(
            LinearLayer kind, CheckpointPart part, String name, long... shape) {
        return List.of(
                load(List.of(checkpoint.find(part, name, shape)), part, new Shape(shape)), empty);
    }

    private PtNDArray load(List<Checkpoint.Entry> pieces, CheckpointPart of, Shape shape) {
        String name = pieces.get(0).tensor().name();
        TrainableTensor known = loaded.get(name);
        if (known != null) {
            return known.tensor();
        }
        TrainablePart part = TrainablePart.of(of);
        PtNDArray tensor = copy(pieces, setup.learns(part), shape);
        loaded.put(name, new TrainableTensor(name, part, tensor, pieces));
        return tensor;
    }

    private PtNDArray copy(List<Checkpoint.Entry> pieces, boolean learns, Shape shape) {
        try (NDManager parts = mapped.newSubManager()) {
            NDList arguments = new NDList();
            for (Checkpoint.Entry piece : pieces) {
                NDArray part = mapper.map(piece.file(), piece.tensor(), parts);
                if (part.getShape().dimension() > shape.dimension()) {
                    part = part.reshape(shape);
                }
                part.setName("parts[]");
                arguments.add(part);
            }
            arguments.add(empty);
            String method = learns ? "master" : "frozen";
            NDArray copy = training.runWithGradients(method, arguments).singletonOrThrow();
            copy.attach(owner);
            copy.setRequiresGradient(learns);
            return (PtNDArray) copy;
        }
    }

    @Override
    public void close() {
        mapped.close();
    }
}
