package io.sightmill.llava;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import java.util.ArrayList;
import java.util.List;

/**
 * Turns a checkpoint's tensors into the form the kernels want: rounded to the precision, linear
 * layers packed for their product. Used while loading, by one thread.
 */
final class WeightLoader implements Weights<PtNDArray>, AutoCloseable {

    private final Checkpoint checkpoint;
    private final TorchScriptModule kernels;
    private final TensorMapper mapper;
    private final WeightWatch watch;
    private final NDManager owner;
    private final NDManager mapped;
    private final Precision precision;
    private final Precision product;
    private final String device;

    /**
     * @param owner closes every weight that is loaded, also when loading fails half-way
     */
    WeightLoader(Checkpoint checkpoint, Precision precision, NDManager owner) {
        this(checkpoint, precision, WeightWatch.none(), owner);
    }

    /** The same, watched. */
    WeightLoader(Checkpoint checkpoint, Precision precision, WeightWatch watch, NDManager owner) {
        this.checkpoint = checkpoint;
        this.watch = watch;
        this.owner = owner;
        this.precision = precision;
        this.device = torchName(owner.getDevice());
        this.mapped = owner.newSubManager(ai.djl.Device.cpu());
        this.kernels = TorchScriptModule.load("checkpoint", mapped);
        this.mapper = new TensorMapper(kernels);
        this.product = ProductType.detect(precision, kernels, device, owner);
    }

    /** The device as TorchScript names it. */
    static String torchName(ai.djl.Device device) {
        return device.isGpu() ? "cuda:" + device.getDeviceId() : "cpu";
    }

    String device() {
        return device;
    }

    /** The format that the weights of products are kept in. */
    Precision product() {
        return product;
    }

    @Override
    public PtNDArray parameter(CheckpointPart part, String name, long... shape) {
        try (PtNDArray tensor = map(part, name, shape)) {
            return kernels.call("parameter")
                    .with(tensor)
                    .with(precision.scalarType())
                    .with(device)
                    .run(owner);
        }
    }

    /** Packed weight and bias; the bias is empty if there is none. */
    @Override
    public List<PtNDArray> linear(
            CheckpointPart part, List<String> names, int[] outputs, int inputs, boolean biased) {
        List<NDArray> weights = new ArrayList<>();
        List<NDArray> biases = new ArrayList<>();
        for (int i = 0; i < outputs.length; i++) {
            weights.add(map(part, names.get(i) + ".weight", outputs[i], inputs));
            if (biased) {
                biases.add(map(part, names.get(i) + ".bias", outputs[i]));
            }
        }
        return List.of(pack("weight", weights), pack("bias", biases));
    }

    @Override
    public PtNDArray patchWeight(CheckpointPart part, String name, long... shape) {
        try (PtNDArray tensor = map(part, name, shape)) {
            NDArray flat = tensor.reshape(new Shape(shape[0], -1));
            return pack("weight", List.of(flat));
        }
    }

    @Override
    public PtNDArray weight(CheckpointPart part, String name, long... shape) {
        return pack("weight", List.of(map(part, name, shape)));
    }

    /**
     * A layer's weights as the one argument its kernel takes; made once, as making it costs more
     * than an operation.
     */
    IValue list(List<PtNDArray> weights) {
        IValue list = IValue.listFrom(weights.toArray(PtNDArray[]::new));
        owner.attachInternal(list.getUid(), list);
        return list;
    }

    private PtNDArray map(CheckpointPart part, String name, long... shape) {
        Checkpoint.Entry entry = checkpoint.find(part, name, shape);
        PtNDArray tensor = mapper.map(entry.file(), entry.tensor(), mapped);
        watch.mapped(part, entry, tensor, kernels);
        return tensor;
    }

    private PtNDArray pack(String method, List<NDArray> parts) {
        try {
            return kernels.call(method)
                    .with(parts)
                    .with(precision.scalarType())
                    .with(product.scalarType())
                    .with(device)
                    .run(owner);
        } finally {
            parts.forEach(NDArray::close);
        }
    }

    /** Frees what loading needed; the weights stay. */
    @Override
    public void close() {
        watch.loaded();
        mapped.close();
    }
}
