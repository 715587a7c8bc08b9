package io.sightmill.llava;

import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import io.sightmill.engine.Device;
import io.sightmill.engine.ModelLoadException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The loaded weights and kernels of a checkpoint, without tokenizer and image processing. Owns
 * every tensor of the model: closing it frees them all. Loaded by any thread, then used by one.
 */
final class LlavaNetwork implements AutoCloseable {

    private final LlavaConfig config;
    private final NDManager manager;
    private final VisionEncoder encoder;
    private final Projector projector;
    private final LanguageModel language;
    private final Optional<TileJoiner> tiles;
    private final long weightBytes;
    private final Precision precision;

    private LlavaNetwork(
            LlavaConfig config,
            Checkpoint checkpoint,
            Precision precision,
            WeightWatch watch,
            NDManager manager) {
        this.config = config;
        this.precision = precision;
        this.manager = manager;
        try (WeightLoader weights = new WeightLoader(checkpoint, precision, watch, manager)) {
            encoder = new VisionEncoder(config, weights, manager);
            projector = new Projector(config, weights, manager);
            language = new LanguageModel(config.text(), weights, manager);
            tiles =
                    config.isTiled()
                            ? Optional.of(new TileJoiner(config, weights, manager))
                            : Optional.empty();
            weightBytes = weights.loadedBytes();
        }
    }

    /**
     * Loads a checkpoint's network.
     *
     * @throws ModelLoadException if the checkpoint is broken or the device is not there
     */
    static LlavaNetwork open(Path directory, Precision precision, Device device) {
        return open(directory, precision, LoadOptions.defaults(), LoadProgress.none(), device);
    }

    /** The same, with options. */
    static LlavaNetwork open(
            Path directory,
            Precision precision,
            LoadOptions options,
            LoadProgress progress,
            Device device) {
        CheckpointDirectory.check(directory, options, Complaints.thrown());
        Optional<Path> tower = options.visionTowerPath();
        LlavaConfig config = LlavaConfig.read(directory, tower);
        Checkpoint checkpoint = Checkpoint.open(directory, tower, Complaints.thrown());
        long bytes = neededBytes(config, checkpoint);
        WeightWatch watch = new WeightWatch(options, new LoadMeter(progress, bytes));
        return open(config, checkpoint, precision, watch, device);
    }

    /** Bytes of the files that loading reads. */
    static long neededBytes(LlavaConfig config, Checkpoint checkpoint) {
        return checkpoint.find(DeclaredWeights.of(config), Complaints.thrown()).stream()
                .mapToLong(entry -> entry.tensor().byteLength())
                .sum();
    }

    /** The same with configuration and headers read before. */
    static LlavaNetwork open(
            LlavaConfig config, Checkpoint checkpoint, Precision precision, Device device) {
        return open(config, checkpoint, precision, WeightWatch.none(), device);
    }

    /** The same, watched. */
    static LlavaNetwork open(
            LlavaConfig config,
            Checkpoint checkpoint,
            Precision precision,
            WeightWatch watch,
            Device device) {
        // Everything that is missing is known before the first tensor is loaded.
        List<TensorDeclaration> declared = DeclaredWeights.of(config);
        checkpoint.find(declared, Complaints.thrown());
        requireMemory(checkpoint, declared, precision, device);
        NDManager manager = NDManager.newBaseManager(djlDevice(device), "PyTorch");
        try {
            return new LlavaNetwork(config, checkpoint, precision, watch, manager);
        } catch (EngineException e) {
            manager.close();
            throw new ModelLoadException("the checkpoint cannot be loaded: " + e.getMessage(), e);
        } catch (RuntimeException | Error e) {
            manager.close();
            throw e;
        }
    }

    /**
     * A model that cannot fit would end the process while it is loaded, or slow the machine down.
     */
    private static void requireMemory(
            Checkpoint checkpoint,
            List<TensorDeclaration> declared,
            Precision precision,
            Device device) {
        if (device.kind() == Device.Kind.CPU) {
            MachineMemory.check(
                    checkpoint.directory().resolve("config.json"),
                    ModelMemory.weightBytes(declared, precision),
                    precision,
                    MachineMemory.bytes(),
                    Complaints.thrown());
        }
    }

    LlavaConfig config() {
        return config;
    }

    VisionEncoder encoder() {
        return encoder;
    }

    Projector projector() {
        return projector;
    }

    /** Joins an image's tiles; empty where every image is one. */
    Optional<TileJoiner> tiles() {
        return tiles;
    }

    LanguageModel language() {
        return language;
    }

    /** Bytes of all weights as they are kept. */
    long weightBytes() {
        return weightBytes;
    }

    /** Bytes of a number that is no weight: of features, and of keys and values. */
    int numberBytes() {
        return precision.bytes();
    }

    /** Where the weights are. */
    ai.djl.Device device() {
        return manager.getDevice();
    }

    /** For tensors that live for one step; the caller closes it. */
    NDManager newScope() {
        return manager.newSubManager();
    }

    /** How many native tensors the network, its caches and its features hold; for leak checks. */
    int openTensors() {
        return manager.getManagedArrays().size();
    }

    @Override
    public void close() {
        manager.close();
    }

    private static ai.djl.Device djlDevice(Device device) {
        if (device.kind() == Device.Kind.CPU) {
            return ai.djl.Device.cpu();
        }
        int count = Engine.getEngine("PyTorch").getGpuCount();
        if (device.index() >= count) {
            throw new ModelLoadException(
                    "GPU %d is asked for and the PyTorch library in use sees %d; run on the CPU or put a CUDA build of it on the class path"
                            .formatted(device.index(), count));
        }
        return ai.djl.Device.gpu(device.index());
    }
}
