package io.sightmill.llava;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import io.sightmill.engine.ModelLoadException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A checkpoint's network to be tuned: the same layers as {@link LlavaNetwork}, with gradients.
 *
 * <p>Every tensor is owned here; used by one thread.
 */
public final class TrainableModel implements Trainable<TrainingSample> {

    /** Where the weights of linear layers are among a decoder layer's tensors. */
    private static final List<Integer> ADAPTED = List.of(1, 3, 6, 8);

    private final LlavaConfig config;
    private final Path directory;
    private final Checkpoint checkpoint;
    private final TrainingSetup setup;
    private final NDManager manager;
    private final TorchScriptModule kernels;
    private final List<TrainableTensor> weights;
    private final LearningTensors learning;
    private final Optional<Adapters> adapters;
    private final Map<String, Integer> adapted;
    private final NDList network = new NDList();
    private final NDList vision = new NDList();
    private final NDArray states;

    private TrainableModel(
            Path directory,
            LlavaConfig config,
            Checkpoint checkpoint,
            TrainingSetup setup,
            NDManager manager) {
        this.directory = directory;
        this.config = config;
        this.checkpoint = checkpoint;
        this.setup = setup;
        this.manager = manager;
        this.kernels = TorchScriptModule.load("training", attributes(config, setup), manager);
        try (TrainableWeights loader = new TrainableWeights(checkpoint, setup, kernels, manager)) {
            add("vision[]", visionOrder(VisionEncoder.tensors(config, loader)));
            vision.addAll(network);
            List<PtNDArray> projector = new ArrayList<>(Projector.tensors(config, loader));
            if (config.isTiled()) {
                projector.add(TileJoiner.newline(config, loader));
            }
            add("projector[]", projector);
            LanguageModel.Tensors<PtNDArray> language =
                    LanguageModel.tensors(config.text(), loader);
            add("language[]", languageOrder(language));
            this.weights = loader.loaded();
            this.adapted = setup.adapters().isPresent() ? adapted(language.layers()) : Map.of();
        }
        List<LearningTensor> learned = new ArrayList<>();
        for (TrainableTensor each : weights) {
            if (setup.learns(each.part())) {
                learned.add(
                        LearningTensor.of(
                                each.name(), each.part(), each.tensor(), kernels, manager));
            }
        }
        this.adapters =
                setup.adapters()
                        .map(
                                options ->
                                        new Adapters(
                                                config.text(),
                                                options,
                                                setup.seed(),
                                                kernels,
                                                manager));
        adapters.ifPresent(each -> learned.addAll(each.learning()));
        this.learning = new LearningTensors(learned, setup.lanes(), kernels, manager);
        add("adapters[]", adapters.map(Adapters::tensors).orElseGet(this::nothing));
        this.states = visionStates();
        network.add(states);
        network.add(rotary());
    }

    /**
     * Loads a checkpoint.
     *
     * @throws ModelLoadException if it is broken or not complete
     */
    public static TrainableModel open(Path directory, TrainingSetup setup) {
        CheckpointDirectory.check(directory, LoadOptions.defaults(), Complaints.thrown());
        LlavaConfig config = LlavaConfig.read(directory);
        Checkpoint checkpoint = Checkpoint.open(directory);
        checkpoint.find(DeclaredWeights.of(config), Complaints.thrown());
        NDManager manager = NDManager.newBaseManager(ai.djl.Device.cpu(), "PyTorch");
        try {
            return new TrainableModel(directory, config, checkpoint, setup, manager);
        } catch (RuntimeException | Error e) {
            manager.close();
            throw e;
        }
    }

    private static Map<String, Number> attributes(LlavaConfig config, TrainingSetup setup) {
        TextConfig text = config.text();
        Map<String, Number> attributes = new LinkedHashMap<>();
        attributes.put(
                "dtype",
                (setup.mixedPrecision() ? Precision.BFLOAT16 : Precision.FLOAT32).scalarType());
        attributes.put("patch", config.vision().patchSize());
        attributes.put("vision_heads", config.vision().heads());
        attributes.put("vision_layers", config.visionLayersRun());
        attributes.put("vision_epsilon", config.vision().layerNormEps());
        attributes.put("projector_layers", config.projector().layers());
        attributes.put("skip", config.keepsClassPosition() ? 0 : 1);
        attributes.put("heads", text.heads());
        attributes.put("groups", text.keyValueHeads());
        attributes.put("head_width", text.headWidth());
        attributes.put("text_layers", text.layers());
        attributes.put("window", text.attentionWindow());
        attributes.put("epsilon", text.rmsNormEps());
        attributes.put("rank", setup.adapters().map(AdapterOptions::rank).orElse(0));
        attributes.put("adapter_scale", setup.adapters().map(AdapterOptions::scale).orElse(0.0));
        attributes.put(
                "adapter_dropout", setup.adapters().map(AdapterOptions::dropout).orElse(0.0));
        return attributes;
    }

    private static List<PtNDArray> visionOrder(VisionEncoder.Tensors<PtNDArray> vision) {
        List<PtNDArray> order = new ArrayList<>(vision.patches());
        order.addAll(
                List.of(
                        vision.classEmbedding(),
                        vision.positions(),
                        vision.normWeight(),
                        vision.normBias()));
        vision.layers().forEach(order::addAll);
        return order;
    }

    private static List<PtNDArray> languageOrder(LanguageModel.Tensors<PtNDArray> language) {
        List<PtNDArray> order = new ArrayList<>();
        order.add(language.table());
        order.add(language.norm());
        order.addAll(language.head());
        language.layers().forEach(order::addAll);
        return order;
    }

    private void add(String list, List<PtNDArray> tensors) {
        for (PtNDArray tensor : tensors) {
            // Another name for the same memory: a tensor may be in several lists.
            PtNDArray named = kernels.call("same").with(tensor).run(manager);
            named.setName(list);
            network.add(named);
        }
    }

    /** A list cannot be passed without a tensor. */
    private List<PtNDArray> nothing() {
        return List.of((PtNDArray) manager.create(new Shape(0)));
    }

    private NDArray visionStates() {
        long[] states = config.visionStates().stream().mapToLong(Integer::longValue).toArray();
        return manager.create(states);
    }

    private NDArray rotary() {
        String device = WeightLoader.torchName(manager.getDevice());
        try (NDManager own = manager.newSubManager();
                PtNDArray table =
                        LanguageModel.rotaryTable(
                                config.text(),
                                TorchScriptModule.load("language", own),
                                device,
                                own)) {
            return manager.create(table.toFloatArray(), table.getShape());
        }
    }

    public LlavaConfig config() {
        return config;
    }

    /** SHA-256 over the checkpoint's weight files. */
    @Override
    public String identity() {
        LoadMeter unheard = new LoadMeter(LoadProgress.none(), checkpoint.bytes());
        try (WeightsDigest digest = WeightsDigest.start(checkpoint, unheard)) {
            return digest.await();
        }
    }

    @Override
    public long trainedParameters() {
        return learning.parameters();
    }

    /**
     * @param seed of the adapters' dropout
     */
    @Override
    public float accumulate(int lane, List<TrainingSample> samples, double scale, long seed) {
        if (setup.leavesToChance()) {
            JniUtils.setSeed(seed);
        }
        try (NDManager step = manager.newSubManager()) {
            NDList arguments = new TrainingBatch(config, samples).arguments(scale, step);
            arguments.addAll(network);
            learning.addTo(arguments, lane);
            try (NDList result = kernels.runWithGradients("accumulate", arguments)) {
                return result.singletonOrThrow().getFloat();
            }
        }
    }

    @Override
    public double operations(List<TrainingSample> samples) {
        return work().operations(samples);
    }

    TrainingWork work() {
        return new TrainingWork(config, setup);
    }

    /** The loss that {@link #accumulate} would give, without gradients. */
    public float loss(List<TrainingSample> samples, double scale) {
        try (NDManager step = manager.newSubManager();
                NDList result = forward("loss", samples, scale, step)) {
            return result.singletonOrThrow().getFloat();
        }
    }

    /**
     * The logits that follow each learned position of the samples.
     *
     * @return one array of the vocabulary's size a position
     */
    float[][] logits(List<TrainingSample> samples) {
        try (NDManager step = manager.newSubManager();
                NDList result = forward("logits", samples, 1, step)) {
            NDArray logits = result.singletonOrThrow();
            float[] values = logits.toFloatArray();
            int width = config.text().vocabularySize();
            float[][] rows = new float[values.length / width][];
            for (int row = 0; row < rows.length; row++) {
                rows[row] = Arrays.copyOfRange(values, row * width, (row + 1) * width);
            }
            return rows;
        }
    }

    private NDList forward(
            String method, List<TrainingSample> samples, double scale, NDManager step) {
        NDList arguments = new TrainingBatch(config, samples).arguments(scale, step);
        arguments.addAll(network);
        return kernels.runWithGradients(method, arguments);
    }

    @Override
    public float update(long step, Map<TrainablePart, Double> rates, AdamWOptions options) {
        return learning.update(step, rates, options);
    }

    /** What learns, with what the optimiser remembers of it; in a fixed order. */
    List<LearningTensor> learning() {
        return learning.all();
    }

    TrainingSetup setup() {
        return setup;
    }

    TorchScriptModule kernels() {
        return kernels;
    }

    /** Owns all tensors. */
    NDManager manager() {
        return manager;
    }

    /** The vision tower's tensors as {@code training.py} takes them. */
    NDList vision() {
        return vision;
    }

    /** Which hidden states of the tower are its features. */
    NDArray states() {
        return states;
    }

    @Override
    public void save(Path file) throws IOException {
        learning.save(file);
    }

    @Override
    public void restore(Path file) {
        learning.restore(file);
    }

    /**
     * Writes the model as a checkpoint that serves, with adapters merged.
     *
     * @param directory made if it is missing
     * @param replaces whether it may hold something; a checkpoint in it is replaced
     * @throws IllegalArgumentException if it holds something and may not, or is the source
     */
    public void writeCheckpoint(Path directory, boolean replaces) throws IOException {
        TunedCheckpoint.write(this, directory, replaces);
    }

    /** The checkpoint's tensors that differ from the file's. */
    List<TrainableTensor> trainedTensors() {
        return weights.stream()
                .filter(each -> setup.learns(each.part()) || adapted.containsKey(each.name()))
                .toList();
    }

    /**
     * The values of one of a trained tensor's pieces in float32.
     *
     * @param begin its first row
     * @param end after its last row
     */
    NDArray trainedValues(TrainableTensor tensor, int piece, long begin, long end) {
        Integer adapter = adapted.get(tensor.name());
        if (adapter == null) {
            return tensor.tensor().get(new NDIndex("{}:{}", begin, end));
        }
        // From the file and not from memory, where it may be in fewer bits.
        try (NDManager own = manager.newSubManager()) {
            TensorMapper mapper = new TensorMapper(TorchScriptModule.load("checkpoint", own));
            Checkpoint.Entry entry = tensor.pieces().get(piece);
            return kernels.call("merged")
                    .with(mapper.map(entry.file(), entry.tensor(), own))
                    .with(adapters.orElseThrow().tensors().get(2 * adapter))
                    .with(adapters.orElseThrow().tensors().get(2 * adapter + 1))
                    .with(piece)
                    .with(begin)
                    .run(manager);
        }
    }

    /** The decoder's linear layers in the order of their adapters, by their weights' names. */
    private Map<String, Integer> adapted(List<List<PtNDArray>> layers) {
        Map<String, Integer> found = new HashMap<>();
        for (int layer = 0; layer < layers.size(); layer++) {
            for (int kind = 0; kind < ADAPTED.size(); kind++) {
                PtNDArray weight = layers.get(layer).get(ADAPTED.get(kind));
                int index = ADAPTED.size() * layer + kind;
                weights.stream()
                        .filter(each -> each.tensor() == weight)
                        .forEach(each -> found.put(each.name(), index));
            }
        }
        return found;
    }

    Path directory() {
        return directory;
    }

    @Override
    public void close() {
        manager.close();
    }
}
