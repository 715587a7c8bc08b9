package io.sightmill.llava;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns a checkpoint's tensors into the form the kernels want: rounded to the precision, linear
 * layers packed for their product. Used while loading, by one thread.
 */
final class WeightLoader implements Weights<PtNDArray>, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(WeightLoader.class);

    private final Checkpoint checkpoint;
    private final TorchScriptModule kernels;
    private final TensorMapper mapper;
    private final WeightWatch watch;
    private final NDManager owner;
    private final NDManager mapped;
    private final Precision precision;
    private final LinearForm form;
    private final LinearForm keptForm;
    private final String device;
    private final LinearPacking packing;
    private final Map<Widths, Boolean> suited = new HashMap<>();
    private long loadedBytes;

    /** What decides whether a reordered weight is multiplied rightly. */
    private record Widths(LinearForm form, int inputs, int outputs) {}

    /**
     * @param owner closes every weight that is loaded, also when loading fails half-way
     */
    WeightLoader(Checkpoint checkpoint, Precision precision, NDManager owner) {
        this(checkpoint, precision, WeightWatch.none(), owner);
    }

    /** The same, watched. */
    WeightLoader(Checkpoint checkpoint, Precision precision, WeightWatch watch, NDManager owner) {
        NativeMemory.beginLoading();
        this.checkpoint = checkpoint;
        this.watch = watch;
        this.owner = owner;
        this.precision = precision;
        this.device = torchName(owner.getDevice());
        this.mapped = owner.newSubManager(ai.djl.Device.cpu());
        this.kernels = TorchScriptModule.load("checkpoint", mapped);
        this.mapper = new TensorMapper(kernels);
        this.packing =
                new LinearPacking(kernels, device, kernels.call("no_packed").runValue(owner));
        this.form = ProductType.detect(precision, kernels, device, owner);
        if (precision == Precision.INT8) {
            LOG.info("Kept in bfloat16: {}", Int8Exceptions.reasons());
        }
        this.keptForm =
                precision == Precision.INT8
                        ? ProductType.detect(Precision.BFLOAT16, kernels, device, owner)
                        : form;
    }

    /** The device as TorchScript names it. */
    static String torchName(ai.djl.Device device) {
        return device.isGpu() ? "cuda:" + device.getDeviceId() : "cpu";
    }

    String device() {
        return device;
    }

    /** Of all weights so far, as they are kept. */
    long loadedBytes() {
        return loadedBytes;
    }

    @Override
    public PtNDArray parameter(CheckpointPart part, String name, long... shape) {
        loadedBytes += new Shape(shape).size() * precision.bytes();
        try (PtNDArray tensor = map(part, name, shape)) {
            return kernels.call("parameter")
                    .with(tensor)
                    .with(precision.scalarType())
                    .with(device)
                    .run(owner);
        }
    }

    /**
     * The weight, and the bias as {@code linear.py} wants it: empty if there is none, with the
     * weight's scales if it has any.
     */
    @Override
    public List<PtNDArray> linear(
            LinearLayer kind,
            CheckpointPart part,
            List<String> names,
            int[] outputs,
            int inputs,
            boolean biased) {
        List<NDArray> weights = new ArrayList<>();
        List<NDArray> biases = new ArrayList<>();
        for (int i = 0; i < outputs.length; i++) {
            weights.add(map(part, names.get(i) + ".weight", outputs[i], inputs));
            if (biased) {
                biases.add(map(part, names.get(i) + ".bias", outputs[i]));
            }
        }
        return pack(kind, weights, biases);
    }

    @Override
    public List<PtNDArray> patches(CheckpointPart part, String name, long... shape) {
        try (PtNDArray tensor = map(part, name, shape)) {
            NDArray flat = tensor.reshape(new Shape(shape[0], -1));
            return pack(LinearLayer.VISION_PATCHES, List.of(flat), List.of());
        }
    }

    @Override
    public List<PtNDArray> weight(
            LinearLayer kind, CheckpointPart part, String name, long... shape) {
        return pack(kind, List.of(map(part, name, shape)), List.of());
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

    /** What every kernel with a linear layer takes last: the weights that are no tensors. */
    IValue packed() {
        return packing.packed();
    }

    private PtNDArray map(CheckpointPart part, String name, long... shape) {
        Checkpoint.Entry entry = checkpoint.find(part, name, shape);
        PtNDArray tensor = mapper.map(entry.file(), entry.tensor(), mapped);
        watch.mapped(part, entry, tensor, kernels);
        return tensor;
    }

    private List<PtNDArray> pack(LinearLayer kind, List<NDArray> weights, List<NDArray> biases) {
        LinearForm chosen =
                suited(
                        Int8Exceptions.keep(kind) ? keptForm : Int8Exceptions.form(kind, form),
                        (int) weights.get(0).getShape().get(1),
                        weights.stream().mapToInt(each -> (int) each.getShape().get(0)).sum());
        loadedBytes += weights.stream().mapToLong(NDArray::size).sum() * chosen.bytes();
        try {
            return packing.pack(chosen, weights, biases, owner);
        } finally {
            weights.forEach(NDArray::close);
            biases.forEach(NDArray::close);
        }
    }

    /**
     * The form, or if the library multiplies wrongly in it at these widths, one that it does not.
     */
    private LinearForm suited(LinearForm wanted, int inputs, int outputs) {
        if (!wanted.isReordered() || !device.equals("cpu")) {
            return wanted;
        }
        boolean isRight =
                suited.computeIfAbsent(
                        new Widths(wanted, inputs, outputs),
                        widths ->
                                new FormTrial(wanted, kernels, device, mapped)
                                        .suits(inputs, outputs));
        if (!isRight) {
            LOG.debug(
                    "{} inputs to {} outputs: products in the form {}, as those in {} are wrong",
                    inputs,
                    outputs,
                    wanted.kept(),
                    wanted);
        }
        return isRight ? wanted : wanted.kept();
    }

    /** Frees what loading needed; the weights stay. */
    @Override
    public void close() {
        watch.loaded();
        mapped.close();
        NativeMemory.endLoading();
    }
}
