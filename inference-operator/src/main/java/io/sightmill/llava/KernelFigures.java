package io.sightmill.llava;

import ai.djl.ndarray.NDManager;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The figures of the stages without an engine around them, and the roofline they are shares of.
 * Keeps what the engine's figures are compared with. Used by one thread.
 */
final class KernelFigures {

    private static final List<Integer> BATCHES = List.of(1, 4, 16, 32);

    private final LlavaNetwork network;
    private final Precision precision;
    private final KernelSpeeds speeds;
    private final BenchmarkFigures figures;
    private final int promptTokens;
    private Roofline roofline;
    private ModelWork work;
    private double encodeSeconds;
    private double prefillSeconds;
    private Map<Integer, Timings.Pair> decode;

    KernelFigures(
            LlavaNetwork network,
            BenchmarkOptions options,
            int promptTokens,
            BenchmarkFigures figures) {
        this.network = network;
        this.precision = options.precision();
        this.speeds = new KernelSpeeds(network, options.seed());
        this.figures = figures;
        this.promptTokens = promptTokens;
    }

    void roofline(Duration time) {
        try (NDManager scope = network.newScope()) {
            roofline =
                    new RooflineMeasurement(network.config(), precision, promptTokens, scope)
                            .take(time);
        }
        work =
                new ModelWork(
                        network.config(), precision, roofline.textForm(), roofline.visionForm());
        figures.add("roofline.read", "read bandwidth", roofline.readBytes() / 1e9, "GB/s");
        figures.add(
                "roofline.text",
                "products of the decoder, " + roofline.textForm(),
                roofline.textProducts() / 1e9,
                "GFLOP/s");
        figures.add(
                "roofline.vision",
                "products of the vision tower, " + roofline.visionForm(),
                roofline.visionProducts() / 1e9,
                "GFLOP/s");
        figures.add(
                "roofline.plain",
                "the library's plain float32 product",
                roofline.plainProducts() / 1e9,
                "GFLOP/s");
    }

    void encode(Duration time) {
        Timings encode = speeds.encode(time.multipliedBy(3).dividedBy(4));
        Timings project = speeds.project(time.dividedBy(4));
        int tiles = speeds.tiles();
        encodeSeconds = tiles * (encode.median() + project.median());
        figures.addWithShare(
                "encode",
                "encode an image",
                tiles * encode.median() * 1e3,
                "ms",
                work.encodeOperations() / encode.median() / roofline.vision());
        figures.add("project", "project an image", tiles * project.median() * 1e3, "ms");
    }

    void prefill(Duration time) {
        Timings prefill = speeds.prefill(promptTokens, time);
        prefillSeconds = prefill.median();
        figures.addWithShare(
                "prefill",
                "prefill %d tokens".formatted(promptTokens),
                promptTokens / prefillSeconds,
                "tokens/s",
                work.prefillOperations(promptTokens) / prefillSeconds / roofline.text());
    }

    /** The bandwidth of a virtual machine drifts: a step's share is of the reads made beside it. */
    void decode(Duration time) {
        String device = WeightLoader.torchName(network.device());
        try (NDManager scope = network.newScope();
                MemoryRead read = new MemoryRead(roofline.readKernel(), device, scope)) {
            decode = speeds.decode(BATCHES, promptTokens + 1, read, time);
        }
        decode.forEach(this::addDecode);
        figures.add(
                "decode.read",
                "read bandwidth meanwhile",
                MemoryRead.bytes() / decode.get(1).second().median() / 1e9,
                "GB/s");
        figures.add("decode.ratio16", "16 sequences to 1", decodeRate(16) / decodeRate(1), "times");
    }

    private void addDecode(int batch, Timings.Pair timings) {
        double step = timings.first().median();
        double bandwidth = MemoryRead.bytes() / timings.second().median();
        figures.addWithShare(
                "decode." + batch,
                batch == 1 ? "decode 1 sequence" : "decode %d sequences".formatted(batch),
                batch / step,
                "tokens/s",
                work.decodeBytes(batch, promptTokens + 1) / bandwidth / step);
    }

    /** Encode, project, prefill and 64 tokens among 16 sequences, one after the other. */
    void wholeImage() {
        figures.add(
                "image",
                "encode, prefill and 64 tokens at 16 sequences",
                encodeSeconds + prefillSeconds + 64 / decodeRate(16),
                "s/image");
    }

    /** Tokens a second of a batch of 1, 4, 16 or 32. */
    double decodeRate(int sequences) {
        return sequences / decode.get(sequences).first().median();
    }

    /** Of one request, before its first token. */
    double promptSeconds() {
        return encodeSeconds + prefillSeconds;
    }

    /** The same on a machine that reaches its roofline all the time. */
    double idealPromptSeconds() {
        return speeds.tiles() * work.encodeOperations() / roofline.vision()
                + work.prefillOperations(promptTokens) / roofline.text();
    }

    /** A decode step that takes no longer than its weights, keys and values take to read. */
    double idealStepSeconds(int sequences) {
        return work.decodeBytes(sequences, promptTokens + 1) / roofline.readBytes();
    }
}
