package io.sightmill.job;

import io.sightmill.engine.ModelProvider;
import io.sightmill.flink.IncomingRecord;
import io.sightmill.flink.IncomingRecordDeserializer;
import io.sightmill.llava.LlavaModelProvider;
import io.sightmill.schema.Answer;
import io.sightmill.schema.Embedding;
import io.sightmill.schema.Topics;
import io.sightmill.sinks.kafka.KafkaSinkOptions;
import io.sightmill.sinks.kafka.KafkaSinks;
import io.sightmill.sinks.parquet.ParquetSinks;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.core.execution.CheckpointingMode;
import org.apache.flink.core.fs.Path;
import org.apache.flink.streaming.api.environment.CheckpointConfig;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * The job: lane topics in, answers, embeddings and rejections out. Runs on any Flink 2.2 cluster.
 */
public final class InferenceJob {

    public static final String NAME = "sightmill-inference";

    /** What a source may hold before the operator takes it, besides one record of any size. */
    private static final int FETCH_BYTES = 16 << 20;

    /** A batch of the consumer is handed over as a whole; large images must not pile up there. */
    private static final int POLL_RECORDS = 32;

    /** Tells the live lane's sinks and transactions from those of the bulk lane. */
    private static final String LIVE = "-live";

    /** An answer that somebody waits for is not held back for company. */
    private static final Map<String, String> LOW_LATENCY =
            Map.of(ProducerConfig.LINGER_MS_CONFIG, "0");

    private InferenceJob() {}

    /**
     * Runs the job until it is stopped.
     *
     * @param arguments {@code --key value} pairs, see {@link JobOptions}
     */
    public static void main(String[] arguments) throws Exception {
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        JobOptions options = JobOptions.fromArguments(arguments);
        define(env, options);
        awaitDevices(env, options);
        env.execute(NAME);
    }

    /**
     * Returns when the environment's cluster has the devices that the job asks for. A job that is
     * submitted without them waits, and then fails without a word about what is missing.
     *
     * @throws MissingDevicesException if they are not there after Flink's {@code
     *     slot.request.timeout}
     */
    public static void awaitDevices(StreamExecutionEnvironment env, JobOptions options)
            throws Exception {
        ClusterDevices.await(
                Configuration.fromMap(env.getConfiguration().toMap()),
                options.slots(),
                env.getParallelism());
    }

    /** Adds the job to the environment, with the LLaVA checkpoint that the options name. */
    public static void define(StreamExecutionEnvironment env, JobOptions options) {
        define(
                env,
                options,
                new LlavaModelProvider(
                        options.model(),
                        options.precision(),
                        options.template().orElse(null),
                        options.images(),
                        options.load()));
    }

    /** Adds the job to the environment, with another model than the options name. */
    public static void define(
            StreamExecutionEnvironment env, JobOptions options, ModelProvider model) {
        define(env, options, model, sinks(options));
    }

    /** The same with other sinks than the options name. */
    static void define(
            StreamExecutionEnvironment env, JobOptions options, ModelProvider model, Sinks sinks) {
        configure(env, options);
        InferenceWorkflow.define(
                env,
                new Sources(
                        source(options, Topics.REQUESTS_LIVE),
                        source(options, Topics.REQUESTS_BULK)),
                sinks,
                new WorkflowOptions(model, options.operator(), options.slots()));
    }

    private static void configure(StreamExecutionEnvironment env, JobOptions options) {
        env.configure(
                new Configuration()
                        .set(PipelineOptions.GENERIC_TYPES, false)
                        // Nobody changes a record; without this each chained hand-over copies
                        // images.
                        .set(PipelineOptions.OBJECT_REUSE, true));
        env.enableCheckpointing(
                options.checkpointInterval().toMillis(), CheckpointingMode.EXACTLY_ONCE);
        CheckpointConfig checkpoints = env.getCheckpointConfig();
        checkpoints.setMaxConcurrentCheckpoints(1);
        // The retained checkpoint is what a job that was cancelled or killed starts from again.
        checkpoints.setExternalizedCheckpointRetention(
                ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
    }

    /**
     * Reads committed records of a lane topic, first from the group's offsets, else from the start.
     */
    static KafkaSource<IncomingRecord> source(JobOptions options, String topic) {
        return KafkaSource.<IncomingRecord>builder()
                .setBootstrapServers(options.bootstrapServers())
                .setTopics(topic)
                .setGroupId(options.groupId())
                .setClientIdPrefix(options.groupId() + "-" + topic)
                .setStartingOffsets(groupOffsetsOrEarliest())
                .setDeserializer(new IncomingRecordDeserializer())
                // What ingest has not committed does not exist.
                .setProperty(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed")
                .setProperty(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, Integer.toString(FETCH_BYTES))
                .setProperty(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, Integer.toString(POLL_RECORDS))
                .build();
    }

    @SuppressWarnings("deprecation") // The connector takes no other type yet.
    private static OffsetsInitializer groupOffsetsOrEarliest() {
        return OffsetsInitializer.committedOffsets(OffsetResetStrategy.EARLIEST);
    }

    static Sinks sinks(JobOptions options) {
        KafkaSinkOptions bulk = kafka(options, options.delivery(), "", Map.of());
        KafkaSinkOptions live = kafka(options, options.liveDelivery(), LIVE, LOW_LATENCY);
        // Pieces that waited for a checkpoint would be pointless; a repeated one has its index.
        KafkaSinkOptions streamed =
                kafka(options, DeliveryGuarantee.AT_LEAST_ONCE, LIVE, LOW_LATENCY);
        return new Sinks(
                Destinations.to(
                        "kafka" + LIVE,
                        KafkaSinks.of(live, Answer.class, Topics.ANSWERS_LIVE),
                        KafkaSinks.of(live, Embedding.class, Topics.EMBEDDINGS_LIVE),
                        KafkaSinks.rejections(live)),
                Destinations.to(
                        "kafka",
                        KafkaSinks.answers(bulk),
                        KafkaSinks.embeddings(bulk),
                        KafkaSinks.rejections(bulk)),
                options.parquet().map(InferenceJob::files).orElseGet(Destinations::none),
                Map.of("kafka", KafkaSinks.answerChunks(streamed)));
    }

    private static Destinations files(String parquet) {
        Path directory = new Path(parquet);
        return Destinations.to(
                "parquet", ParquetSinks.answers(directory), ParquetSinks.embeddings(directory));
    }

    private static KafkaSinkOptions kafka(
            JobOptions options,
            DeliveryGuarantee delivery,
            String lane,
            Map<String, String> producerProperties) {
        return new KafkaSinkOptions(
                options.bootstrapServers(),
                delivery,
                options.transactionalIdPrefix() + lane,
                options.transactionTimeout(),
                options.maxRecordBytes(),
                producerProperties);
    }
}
