package io.sightmill.flink;

import io.sightmill.engine.Device;
import io.sightmill.engine.EngineOptions;
import java.io.Serializable;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Bounds and choices of a lane's operator.
 *
 * @param engine bounds of the engine; part of what makes two lanes share one
 * @param stepTimeout how long one call of the model may take before it is left behind and the
 *     sequence it hangs on is looked for (key step-timeout, ISO-8601); zero for any time
 * @param device where to run if Flink assigns nothing (key device); null for automatic
 * @param gpuResource name of Flink's external resource that lists GPUs (key gpu-resource)
 * @param deviceLeases directory of the files that say which slot has which device, where a
 *     TaskManager sees more than one (key device-leases)
 * @param maxInFlightRequests most records a subtask holds at once (key max-in-flight-requests)
 * @param maxInFlightBytes encoded bytes above which no further record is taken; also what a
 *     checkpoint of a subtask can come to (key max-in-flight-bytes)
 * @param preprocessThreads size of a subtask's preprocess pool (key preprocess-threads); 0 is half
 *     the cores, at least one
 * @param captionInstruction what a CAPTION task without messages asks (key caption-instruction)
 * @param maxImages most images a record (key max-images)
 * @param maxTasks most tasks a record (key max-tasks)
 * @param maxImageBytes most encoded bytes an image (key max-image-bytes)
 * @param allowedDirectories where URIs of images may point: absolute paths for file: URIs, and
 *     prefixes such as s3://bucket/images (key allowed-directories); none by default
 * @param imageTimeout how long reading an image from object storage is tried (key image-timeout,
 *     ISO-8601)
 */
public record OperatorOptions(
        EngineOptions engine,
        Duration stepTimeout,
        Device device,
        String gpuResource,
        String deviceLeases,
        int maxInFlightRequests,
        long maxInFlightBytes,
        int preprocessThreads,
        String captionInstruction,
        int maxImages,
        int maxTasks,
        int maxImageBytes,
        List<String> allowedDirectories,
        Duration imageTimeout)
        implements Serializable {

    private static final long serialVersionUID = 1L;

    private static final Duration LONGEST_STEP = Duration.ofDays(1);

    private static final Pattern PREFIX =
            Pattern.compile("(?!file:)[a-z][a-z0-9+.-]*://[A-Za-z0-9._-]+(/[A-Za-z0-9._=+@/-]*)?");

    /** The keys that {@link #from} reads. */
    public static final Set<String> KEYS =
            Set.of(
                    "max-sequences",
                    "kv-tokens",
                    "step-tokens",
                    "chunk-tokens",
                    "bulk-share",
                    "image-cache-bytes",
                    "prefill-known-tokens",
                    "step-timeout",
                    "device",
                    "gpu-resource",
                    "device-leases",
                    "max-in-flight-requests",
                    "max-in-flight-bytes",
                    "preprocess-threads",
                    "caption-instruction",
                    "max-images",
                    "max-tasks",
                    "max-image-bytes",
                    "allowed-directories",
                    "image-timeout");

    public OperatorOptions {
        Objects.requireNonNull(engine, "engine");
        require(
                !stepTimeout.isNegative() && stepTimeout.compareTo(LONGEST_STEP) <= 0,
                "step-timeout",
                stepTimeout,
                "PT0S, which is off, to " + LONGEST_STEP);
        require(!gpuResource.isBlank(), "gpu-resource", gpuResource, "a name");
        require(deviceLeases.startsWith("/"), "device-leases", deviceLeases, "an absolute path");
        requireAtLeast(1, "max-in-flight-requests", maxInFlightRequests);
        requireAtLeast(1, "max-in-flight-bytes", maxInFlightBytes);
        requireAtLeast(0, "preprocess-threads", preprocessThreads);
        require(
                !captionInstruction.isBlank(),
                "caption-instruction",
                captionInstruction,
                "a sentence");
        requireAtLeast(1, "max-images", maxImages);
        requireAtLeast(1, "max-tasks", maxTasks);
        requireAtLeast(1, "max-image-bytes", maxImageBytes);
        allowedDirectories = List.copyOf(allowedDirectories);
        for (String directory : allowedDirectories) {
            require(
                    directory.startsWith("/") || PREFIX.matcher(directory).matches(),
                    "allowed-directories",
                    directory,
                    "an absolute path or a prefix such as s3://bucket/images");
        }
        require(
                !imageTimeout.isNegative() && imageTimeout.compareTo(LONGEST_STEP) <= 0,
                "image-timeout",
                imageTimeout,
                "PT0S, which is one try, to " + LONGEST_STEP);
    }

    public static OperatorOptions defaults() {
        return from(Map.of());
    }

    /**
     * Options from configuration; a key that is missing takes its default, one that belongs to
     * somebody else is not looked at.
     *
     * @throws IllegalArgumentException naming the key and the value that is wrong
     */
    public static OperatorOptions from(Map<String, String> configuration) {
        ConfigurationReader reader = new ConfigurationReader(configuration);
        EngineOptions engine = EngineOptions.defaults();
        return new OperatorOptions(
                new EngineOptions(
                        reader.integer("max-sequences", engine.maxSequences()),
                        reader.integer("kv-tokens", engine.kvTokens()),
                        reader.integer("step-tokens", engine.stepTokens()),
                        reader.integer("chunk-tokens", engine.chunkTokens()),
                        reader.value(
                                "bulk-share",
                                engine.bulkShare(),
                                Double::valueOf,
                                "a number above 0 and below 1"),
                        reader.longInteger("image-cache-bytes", engine.imageCacheBytes()),
                        reader.flag("prefill-known-tokens")),
                reader.value(
                        "step-timeout",
                        Duration.ofMinutes(10),
                        OperatorOptions::duration,
                        "an ISO-8601 duration, for example PT10M"),
                reader.device("device"),
                reader.text("gpu-resource", "gpu"),
                reader.text("device-leases", "/tmp/sightmill-devices"),
                reader.integer("max-in-flight-requests", 128),
                reader.longInteger("max-in-flight-bytes", 64L << 20),
                reader.integer("preprocess-threads", 0),
                reader.text("caption-instruction", "Describe the image."),
                reader.integer("max-images", 16),
                reader.integer("max-tasks", 64),
                reader.integer("max-image-bytes", 32 << 20),
                reader.list("allowed-directories"),
                reader.value(
                        "image-timeout",
                        Duration.ofMinutes(1),
                        OperatorOptions::duration,
                        "an ISO-8601 duration, for example PT1M"));
    }

    /** How many threads preprocess on a machine with this many cores. */
    public int preprocessThreadsOf(int cores) {
        return preprocessThreads > 0 ? preprocessThreads : Math.max(1, cores / 2);
    }

    private static Duration duration(String text) {
        try {
            return Duration.parse(text);
        } catch (DateTimeParseException exception) {
            throw new IllegalArgumentException(exception);
        }
    }

    private static void requireAtLeast(long least, String key, long value) {
        require(value >= least, key, value, "at least " + least);
    }

    private static void require(boolean holds, String key, Object value, String bound) {
        if (!holds) {
            throw new IllegalArgumentException(key + " is " + value + " and must be " + bound);
        }
    }
}
