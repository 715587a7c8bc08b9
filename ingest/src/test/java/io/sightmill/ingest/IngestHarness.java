package io.sightmill.ingest;

import io.sightmill.schema.Instruction;
import io.sightmill.schema.Rejection;
import io.sightmill.schema.VisionRequest;
import io.sightmill.schema.codec.RecordCodec;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;

/** The topology without brokers: records go in, and lanes and rejections come out, decoded. */
final class IngestHarness implements AutoCloseable {

    final MutableClock clock;
    private final RecordCodec<VisionRequest> requestCodec = RecordCodec.of(VisionRequest.class);
    private final RecordCodec<Rejection> rejectionCodec = RecordCodec.of(Rejection.class);
    private final IngestTopics topics;
    private final TopologyTestDriver driver;
    private final TestInputTopic<String, byte[]> requests;

    private IngestHarness(IngestConfig config, MutableClock clock) {
        this.clock = clock;
        this.topics = config.topics();
        Properties properties = config.streamsProperties();
        this.driver =
                new TopologyTestDriver(
                        IngestTopology.build(config, config.claimCheck().open(clock), clock),
                        properties,
                        clock.instant());
        this.requests =
                driver.createInputTopic(
                        topics.requests(), new StringSerializer(), new ByteArraySerializer());
    }

    static IngestHarness in(Path stateDirectory, Map<String, String> settings) {
        return in(stateDirectory, settings, new MutableClock(Requests.NOW));
    }

    static IngestHarness in(Path stateDirectory, Map<String, String> settings, MutableClock clock) {
        Map<String, String> all = new HashMap<>(settings);
        all.put("bootstrap.servers", "nowhere:9092");
        all.put("state.dir", stateDirectory.toString());
        return new IngestHarness(IngestConfig.of(all), new MutableClock(Requests.NOW));
    }

    void send(VisionRequest request) {
        sendBytes(request.getRequestId(), requestCodec.encode(request));
    }

    void sendBytes(String key, byte[] value) {
        requests.pipeInput(key, value);
    }

    void send(TestRecord<String, byte[]> record) {
        requests.pipeInput(record);
    }

    void publishInstruction(Instruction instruction) {
        byte[] value = RecordCodec.of(Instruction.class).encode(instruction);
        publishInstruction(instruction.getName(), value);
    }

    void publishInstruction(String key, byte[] value) {
        driver.createInputTopic(
                        topics.instructions(), new StringSerializer(), new ByteArraySerializer())
                .pipeInput(key, value);
    }

    List<VisionRequest> live() {
        return requests(topics.live());
    }

    List<VisionRequest> bulk() {
        return requests(topics.bulk());
    }

    List<TestRecord<String, byte[]>> bulkRecords() {
        return output(topics.bulk()).readRecordsToList();
    }

    List<Rejection> rejections() {
        return rejectionRecords().stream()
                .map(record -> rejectionCodec.decode(record.value()))
                .toList();
    }

    List<TestRecord<String, byte[]>> rejectionRecords() {
        return output(topics.rejections()).readRecordsToList();
    }

    /** The only rejection there is, when nothing else came out. */
    Rejection onlyRejection() {
        List<Rejection> rejections = rejections();
        if (rejections.size() != 1 || !live().isEmpty() || !bulk().isEmpty()) {
            throw new AssertionError("not one rejection and nothing else: " + rejections);
        }
        return rejections.get(0);
    }

    double repeatsDropped() {
        return driver.metrics().entrySet().stream()
                .filter(metric -> metric.getKey().name().equals("repeats-dropped-total"))
                .mapToDouble(metric -> (double) metric.getValue().metricValue())
                .sum();
    }

    static String headerText(Headers headers, String key) {
        return new String(headers.lastHeader(key).value());
    }

    @Override
    public void close() {
        driver.close();
    }

    private List<VisionRequest> requests(String topic) {
        return output(topic).readRecordsToList().stream()
                .map(record -> requestCodec.decode(record.value()))
                .toList();
    }

    private TestOutputTopic<String, byte[]> output(String topic) {
        return driver.createOutputTopic(
                topic, new StringDeserializer(), new ByteArrayDeserializer());
    }
}
