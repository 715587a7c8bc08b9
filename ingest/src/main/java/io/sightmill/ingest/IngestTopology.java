package io.sightmill.ingest;

import io.sightmill.ingest.claim.ClaimCheck;
import io.sightmill.schema.Rejection;
import io.sightmill.schema.VisionRequest;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.TimestampExtractor;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.WindowStore;

/**
 * Wires ingest: requests, decode, validate, resolve, deduplicate, store, route, and the topic of
 * the lane; every step up to resolve leads to rejections as well.
 */
public final class IngestTopology {

    static final String REQUESTS = "requests";
    static final String DECODE = "decode";
    static final String VALIDATE = "validate";
    static final String RESOLVE = "resolve";
    static final String DEDUPLICATE = "deduplicate";
    static final String STORE = "store";
    static final String ROUTE = "route";
    static final String LIVE = "live";
    static final String BULK = "bulk";
    static final String REJECTIONS = "rejections";
    static final String INSTRUCTIONS_STORE = "instructions-by-name";
    static final String DEDUPLICATION_STORE = "request-ids-seen";

    private IngestTopology() {}

    /**
     * The data path of ingest.
     *
     * @param claims puts large images elsewhere; stays the caller's
     * @param clock what limits on times, the deduplication window and rejections go by
     */
    public static Topology build(
            IngestConfig config, Optional<ClaimCheck> claims, InstantSource clock) {
        Topology topology = new Topology();
        addInstructions(topology, config.topics(), clock);
        addSteps(topology, config, claims, clock);
        topology.addStateStore(seenRequestIds(config), DEDUPLICATE);
        addSinks(topology, config.topics());
        return topology;
    }

    private static void addInstructions(
            Topology topology, IngestTopics topics, InstantSource clock) {
        topology.addGlobalStore(
                instructionsByName(),
                "instructions",
                ingestTime(clock),
                new StringDeserializer(),
                new ByteArrayDeserializer(),
                topics.instructions(),
                "store-instruction",
                StoreInstruction::new);
    }

    private static void addSteps(
            Topology topology,
            IngestConfig config,
            Optional<ClaimCheck> claims,
            InstantSource clock) {
        IngestLimits limits = config.limits();
        RequestValidator validator = new RequestValidator(limits, clock);
        Rejections rejections = new Rejections(validator, clock);
        topology.addSource(
                AutoOffsetReset.earliest(),
                REQUESTS,
                ingestTime(clock),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer(),
                config.topics().requests());
        topology.addProcessor(DECODE, () -> new DecodeRequest(limits, rejections), REQUESTS);
        topology.addProcessor(VALIDATE, () -> new ValidateRequest(validator, rejections), DECODE);
        topology.addProcessor(
                RESOLVE, () -> new ResolveInstruction(limits, validator, rejections), VALIDATE);
        topology.addProcessor(
                DEDUPLICATE,
                () -> new DeduplicateRequest(config.deduplicationWindow(), clock, rejections),
                RESOLVE);
        topology.addProcessor(STORE, () -> new StoreImages(claims, rejections), DEDUPLICATE);
        topology.addProcessor(ROUTE, () -> new RouteRequest(rejections), STORE);
    }

    private static void addSinks(Topology topology, IngestTopics topics) {
        StringSerializer keys = new StringSerializer();
        RecordSerializer<VisionRequest> requests = new RecordSerializer<>(VisionRequest.class);
        topology.addSink(LIVE, topics.live(), keys, requests, ROUTE);
        topology.addSink(BULK, topics.bulk(), keys, requests, ROUTE);
        topology.addSink(
                REJECTIONS,
                topics.rejections(),
                keys,
                new RecordSerializer<>(Rejection.class),
                DECODE,
                VALIDATE,
                RESOLVE);
    }

    /**
     * The sender's timestamps decide nothing here: a negative one would stop the application, and
     * brokers would delete by an old one what was routed, or the window's changelog, too early.
     */
    private static TimestampExtractor ingestTime(InstantSource clock) {
        return (record, partitionTime) -> clock.millis();
    }

    private static StoreBuilder<KeyValueStore<String, byte[]>> instructionsByName() {
        return Stores.keyValueStoreBuilder(
                        Stores.inMemoryKeyValueStore(INSTRUCTIONS_STORE),
                        Serdes.String(),
                        Serdes.ByteArray())
                .withLoggingDisabled();
    }

    private static StoreBuilder<WindowStore<String, Long>> seenRequestIds(IngestConfig config) {
        return Stores.windowStoreBuilder(
                        Stores.persistentWindowStore(
                                DEDUPLICATION_STORE,
                                config.deduplicationWindow(),
                                config.deduplicationWindow(),
                                false),
                        Serdes.String(),
                        Serdes.Long())
                .withLoggingEnabled(Map.of());
    }
}
