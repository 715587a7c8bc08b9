package io.sightmill.job;

import io.sightmill.flink.ConfigurationReader;
import io.sightmill.flink.OperatorOptions;
import io.sightmill.llava.ImageLimits;
import io.sightmill.llava.ImageReading;
import io.sightmill.llava.LlavaModelProvider;
import io.sightmill.llava.LoadOptions;
import io.sightmill.llava.Precision;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.util.ParameterTool;
import org.apache.flink.util.TimeUtils;

/**
 * What the job is started with; each key is a {@code --key value} of the command line.
 *
 * @param bootstrapServers the Kafka brokers, host:port (key bootstrap-servers)
 * @param model the checkpoint's directory on every TaskManager (key model)
 * @param images how image files are read (key apply-orientation: whether pictures are turned
 *     upright as their metadata says; key scale-deep-grey: whether grey of 16 bits keeps its upper
 *     8; true or false)
 * @param precision number format of the weights (key precision)
 * @param template name of a chat template instead of the checkpoint's own (key template)
 * @param load what is checked and allowed while the checkpoint is loaded (keys check-weights and
 *     follow-links, true or false), and where the vision tower of one in the authors' layout is
 *     (key vision-tower)
 * @param checkpointInterval how often answers are committed (key checkpoint-interval)
 * @param delivery whether an answer of the bulk lane can come twice after a failure (key delivery)
 * @param liveDelivery the same of the live lane (key live-delivery): at least once, and visible at
 *     once, unless exactly once is asked for
 * @param groupId Kafka consumer group whose offsets a first start begins at (key group-id)
 * @param transactionalIdPrefix names the job's transactions; unlike any other job's on the same
 *     brokers and the same from start to start (key transactional-id-prefix)
 * @param transactionTimeout how late a restart may still commit what a checkpoint prepared (key
 *     transaction-timeout)
 * @param maxRecordBytes largest record written (key max-record-bytes)
 * @param parquet where answers and embeddings are written as files too, any file system Flink knows
 *     (key parquet)
 * @param slots what a slot holds, under the keys of {@link SlotOptions}
 * @param operator bounds of the operators, under the keys of {@link OperatorOptions}
 */
public record JobOptions(
        String bootstrapServers,
        String model,
        ImageReading images,
        Precision precision,
        Optional<String> template,
        LoadOptions load,
        Duration checkpointInterval,
        DeliveryGuarantee delivery,
        DeliveryGuarantee liveDelivery,
        String groupId,
        String transactionalIdPrefix,
        Duration transactionTimeout,
        int maxRecordBytes,
        Optional<String> parquet,
        SlotOptions slots,
        OperatorOptions operator) {

    private static final Set<String> KEYS =
            Set.of(
                    "bootstrap-servers",
                    "model",
                    "apply-orientation",
                    "scale-deep-grey",
                    "precision",
                    "template",
                    "check-weights",
                    "follow-links",
                    "vision-tower",
                    "checkpoint-interval",
                    "delivery",
                    "live-delivery",
                    "group-id",
                    "transactional-id-prefix",
                    "transaction-timeout",
                    "max-record-bytes",
                    "parquet");

    private static final String DELIVERIES = "exactly-once or at-least-once";
    private static final String DURATION = "a duration, for example 5s or 2min";
    private static final Duration SHORTEST_CHECKPOINT_INTERVAL = Duration.ofMillis(10);

    public JobOptions {
        requireText("bootstrap-servers", bootstrapServers);
        requireText("model", model);
        Objects.requireNonNull(images, "images");
        Objects.requireNonNull(precision, "precision");
        template.ifPresent(LlavaModelProvider::requireTemplate);
        Objects.requireNonNull(load, "load");
        require(
                checkpointInterval.compareTo(SHORTEST_CHECKPOINT_INTERVAL) >= 0,
                "checkpoint-interval",
                checkpointInterval,
                "at least 10 ms");
        require(delivery != DeliveryGuarantee.NONE, "delivery", delivery, DELIVERIES);
        require(liveDelivery != DeliveryGuarantee.NONE, "live-delivery", liveDelivery, DELIVERIES);
        requireText("group-id", groupId);
        requireText("transactional-id-prefix", transactionalIdPrefix);
        Objects.requireNonNull(transactionTimeout, "transaction-timeout");
        require(maxRecordBytes >= 64 << 10, "max-record-bytes", maxRecordBytes, "at least 65536");
        Objects.requireNonNull(parquet, "parquet");
        Objects.requireNonNull(slots, "slots");
        Objects.requireNonNull(operator, "operator");
    }

    /**
     * Options from a command line.
     *
     * @throws IllegalArgumentException naming the key and the value that is wrong
     */
    public static JobOptions fromArguments(String... arguments) {
        return from(ParameterTool.fromArgs(arguments).toMap());
    }

    /**
     * Options by key; a key that is not known is an error, so that a misspelt bound does not pass
     * for its default.
     *
     * @throws IllegalArgumentException naming the key and the value that is wrong
     */
    public static JobOptions from(Map<String, String> configuration) {
        Set<String> unknown = new TreeSet<>(configuration.keySet());
        unknown.removeAll(allKeys());
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException(
                    "unknown options " + unknown + "; known are " + allKeys());
        }
        ConfigurationReader reader = new ConfigurationReader(configuration);
        return new JobOptions(
                reader.text("bootstrap-servers", ""),
                reader.text("model", ""),
                new ImageReading(
                        ImageLimits.defaults(),
                        reader.flag("apply-orientation"),
                        reader.flag("scale-deep-grey")),
                reader.value(
                        "precision",
                        Precision.FLOAT32,
                        JobOptions::precision,
                        "float32, bfloat16 or int8"),
                Optional.ofNullable(configuration.get("template")),
                new LoadOptions(
                        reader.flag("check-weights"),
                        reader.flag("follow-links"),
                        configuration.get("vision-tower")),
                reader.value(
                        "checkpoint-interval",
                        Duration.ofSeconds(5),
                        TimeUtils::parseDuration,
                        DURATION),
                reader.value(
                        "delivery",
                        DeliveryGuarantee.EXACTLY_ONCE,
                        JobOptions::delivery,
                        DELIVERIES),
                reader.value(
                        "live-delivery",
                        DeliveryGuarantee.AT_LEAST_ONCE,
                        JobOptions::delivery,
                        DELIVERIES),
                reader.text("group-id", "sightmill-inference"),
                reader.text("transactional-id-prefix", "sightmill-inference"),
                reader.value(
                        "transaction-timeout",
                        Duration.ofMinutes(15),
                        TimeUtils::parseDuration,
                        DURATION),
                reader.integer("max-record-bytes", 32 << 20),
                Optional.ofNullable(configuration.get("parquet")),
                SlotOptions.from(reader),
                OperatorOptions.from(configuration));
    }

    private static Set<String> allKeys() {
        Set<String> keys = new TreeSet<>(KEYS);
        keys.addAll(OperatorOptions.KEYS);
        keys.addAll(SlotOptions.KEYS);
        return keys;
    }

    private static Precision precision(String value) {
        return Precision.valueOf(value.toUpperCase(Locale.ROOT));
    }

    private static DeliveryGuarantee delivery(String value) {
        return DeliveryGuarantee.valueOf(value.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    private static void requireText(String key, String value) {
        require(!value.isBlank(), key, value.isEmpty() ? "missing" : "blank", "given");
    }

    private static void require(boolean holds, String key, Object value, String bound) {
        if (!holds) {
            throw new IllegalArgumentException(key + " is " + value + " and must be " + bound);
        }
    }
}
