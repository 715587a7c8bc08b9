package io.sightmill.llava;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Measures a {@link Roofline} with the library that the model runs on. Used by one thread. */
final class RooflineMeasurement {

    private static final int REPETITIONS = 40;
    private static final int PLAIN_SIDE = 2_048;

    private final LlavaConfig config;
    private final Precision precision;
    private final int textRows;
    private final NDManager owner;
    private final String device;
    private final TorchScriptModule kernels;
    private final TorchScriptModule weights;

    /** A product of a layer: [inputs] to [outputs]. */
    private record Sizes(LinearLayer layer, int inputs, int outputs) {}

    /**
     * @param textRows rows of the decoder's products
     * @param owner keeps the kernels
     */
    RooflineMeasurement(LlavaConfig config, Precision precision, int textRows, NDManager owner) {
        this.config = config;
        this.precision = precision;
        this.textRows = textRows;
        this.owner = owner;
        this.device = WeightLoader.torchName(owner.getDevice());
        this.kernels = TorchScriptModule.load("roofline", owner);
        this.weights = TorchScriptModule.load("checkpoint", owner);
    }

    Roofline take(Duration time) {
        Duration slice = time.dividedBy(12);
        LinearForm textForm = ProductType.detect(precision, weights, device, owner);
        Precision vision = precision == Precision.INT8 ? Precision.BFLOAT16 : precision;
        LinearForm visionForm = ProductType.detect(vision, weights, device, owner);
        Map.Entry<String, Double> read = read(slice);
        return new Roofline(
                read.getValue(),
                read.getKey(),
                products(textForm, textRows, textSizes(), slice),
                products(visionForm, config.vision().patches() + 1, visionSizes(), slice),
                plainProducts(slice),
                textForm,
                visionForm);
    }

    private List<Sizes> textSizes() {
        TextConfig text = config.text();
        int heads = text.heads() * text.headWidth();
        return List.of(
                new Sizes(LinearLayer.TEXT_ATTENTION, text.hiddenSize(), text.queryKeyValueWidth()),
                new Sizes(LinearLayer.TEXT_ATTENTION, heads, text.hiddenSize()),
                new Sizes(LinearLayer.TEXT_GATE_UP, text.hiddenSize(), 2 * text.intermediateSize()),
                new Sizes(LinearLayer.TEXT_DOWN, text.intermediateSize(), text.hiddenSize()));
    }

    private List<Sizes> visionSizes() {
        VisionConfig vision = config.vision();
        int width = vision.hiddenSize();
        return List.of(
                new Sizes(LinearLayer.VISION_ATTENTION, width, 3 * width),
                new Sizes(LinearLayer.VISION_ATTENTION, width, width),
                new Sizes(LinearLayer.VISION_FEED_FORWARD, width, vision.intermediateSize()),
                new Sizes(LinearLayer.VISION_FEED_FORWARD, vision.intermediateSize(), width));
    }

    /** The fastest way to read, and how many bytes a second it reaches. */
    private Map.Entry<String, Double> read(Duration slice) {
        return MemoryRead.KERNELS.stream()
                .map(kernel -> Map.entry(kernel, readBytes(kernel, slice)))
                .max(Map.Entry.comparingByValue())
                .orElseThrow();
    }

    private double readBytes(String kernel, Duration slice) {
        try (MemoryRead read = new MemoryRead(kernel, device, owner)) {
            return MemoryRead.bytes() / Timings.repeat(slice, REPETITIONS, read).best();
        }
    }

    /** Of a layer's products one after the other, each in the form that the model runs it in. */
    private double products(LinearForm form, int rows, List<Sizes> all, Duration slice) {
        double seconds = 0;
        double operations = 0;
        for (Sizes sizes : all) {
            seconds += product(Int8Exceptions.form(sizes.layer(), form), rows, sizes, slice);
            operations += operations(rows, sizes);
        }
        return operations / seconds;
    }

    private double product(LinearForm form, int rows, Sizes sizes, Duration slice) {
        try (NDManager scope = owner.newSubManager()) {
            NDArray plain = numbers(sizes.outputs(), sizes.inputs(), 6, scope);
            IValue packed = weights.call("no_packed").runValue(scope);
            List<PtNDArray> layer =
                    new LinearPacking(weights, device, packed)
                            .pack(form, List.of(plain), List.of(), scope);
            NDArray input = numbers(rows, sizes.inputs(), precision.scalarType(), scope);
            return best(
                    slice,
                    () ->
                            kernels.call("product")
                                    .with(input)
                                    .with(layer.get(0))
                                    .with(layer.get(1))
                                    .withShared(packed),
                    scope);
        }
    }

    private double plainProducts(Duration slice) {
        TextConfig text = config.text();
        List<Sizes> candidates =
                List.of(
                        new Sizes(
                                LinearLayer.TEXT_GATE_UP,
                                text.hiddenSize(),
                                2 * text.intermediateSize()),
                        new Sizes(LinearLayer.TEXT_GATE_UP, PLAIN_SIDE, PLAIN_SIDE));
        return candidates.stream()
                .mapToDouble(sizes -> operations(textRows, sizes) / plainProduct(sizes, slice))
                .max()
                .orElseThrow();
    }

    private double plainProduct(Sizes sizes, Duration slice) {
        try (NDManager scope = owner.newSubManager()) {
            NDArray weight = numbers(sizes.outputs(), sizes.inputs(), 6, scope);
            NDArray input = numbers(textRows, sizes.inputs(), 6, scope);
            return best(slice, () -> kernels.call("plain_product").with(input).with(weight), scope);
        }
    }

    private NDArray numbers(int rows, int columns, int scalarType, NDManager scope) {
        return kernels.call("numbers")
                .with(rows)
                .with(columns)
                .with(scalarType)
                .with(device)
                .run(scope);
    }

    private static double best(
            Duration slice, java.util.function.Supplier<KernelCall> call, NDManager scope) {
        Runnable once =
                () -> {
                    try (PtNDArray result = call.get().run(scope)) {
                        result.toFloatArray();
                    }
                };
        return Timings.repeat(slice, REPETITIONS, once).best();
    }

    private static double operations(int rows, Sizes sizes) {
        return 2.0 * rows * sizes.inputs() * sizes.outputs();
    }
}
