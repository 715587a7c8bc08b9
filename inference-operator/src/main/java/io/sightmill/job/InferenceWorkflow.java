package io.sightmill.job;

import static io.sightmill.flink.GenerateOperatorFactory.ANSWER_CHUNKS;
import static io.sightmill.flink.GenerateOperatorFactory.EMBEDDINGS;
import static io.sightmill.flink.GenerateOperatorFactory.REJECTIONS;

import io.sightmill.engine.Lane;
import io.sightmill.flink.GatedSource;
import io.sightmill.flink.GenerateOperatorFactory;
import io.sightmill.flink.IncomingRecord;
import io.sightmill.schema.Answer;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.DataStreamSink;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.OutputTag;

/**
 * The data path as a stream graph: for each lane source and generate operator in one chain, with it
 * the live lane's sinks; behind them the bulk lane's, and those that both share.
 *
 * <p>Every operator has a uid, so a savepoint fits a later version of the graph.
 */
public final class InferenceWorkflow {

    private InferenceWorkflow() {}

    /** Adds the data path to the environment. */
    public static void define(
            StreamExecutionEnvironment env, Sources sources, Sinks sinks, WorkflowOptions options) {
        SingleOutputStreamOperator<Answer> live = lane(env, Lane.LIVE, sources.live(), options);
        SingleOutputStreamOperator<Answer> bulk = lane(env, Lane.BULK, sources.bulk(), options);
        emit(live, sinks.live(), options, any -> {});
        // A commit of the bulk lane may wait for the broker; the engine's mail does not wait with
        // it.
        emit(bulk, sinks.bulk(), options, DataStreamSink::disableChaining);
        emitBoth(live, bulk, sinks.both(), options);
        emit(
                "answer-chunks",
                live.getSideOutput(ANSWER_CHUNKS),
                sinks.answerChunks(),
                options,
                any -> {});
    }

    private static void emit(
            SingleOutputStreamOperator<Answer> lane,
            Destinations to,
            WorkflowOptions options,
            Consumer<DataStreamSink<?>> chaining) {
        emit("answers", lane, to.answers(), options, chaining);
        emit("embeddings", lane.getSideOutput(EMBEDDINGS), to.embeddings(), options, chaining);
        emit("rejections", lane.getSideOutput(REJECTIONS), to.rejections(), options, chaining);
    }

    private static void emitBoth(
            SingleOutputStreamOperator<Answer> live,
            SingleOutputStreamOperator<Answer> bulk,
            Destinations to,
            WorkflowOptions options) {
        emit("answers", live.union(bulk), to.answers(), options, any -> {});
        emit("embeddings", both(live, bulk, EMBEDDINGS), to.embeddings(), options, any -> {});
        emit("rejections", both(live, bulk, REJECTIONS), to.rejections(), options, any -> {});
    }

    private static <T> DataStream<T> both(
            SingleOutputStreamOperator<Answer> live,
            SingleOutputStreamOperator<Answer> bulk,
            OutputTag<T> records) {
        return live.getSideOutput(records).union(bulk.getSideOutput(records));
    }

    private static SingleOutputStreamOperator<Answer> lane(
            StreamExecutionEnvironment env,
            Lane lane,
            Source<IncomingRecord, ?, ?> source,
            WorkflowOptions options) {
        String name = lane.name().toLowerCase(Locale.ROOT);
        return env.fromSource(
                        new GatedSource<>(source),
                        WatermarkStrategy.noWatermarks(),
                        "requests-" + name,
                        TypeInformation.of(IncomingRecord.class))
                .uid("requests-" + name)
                .slotSharingGroup(options.slots().slotSharingGroup())
                .transform(
                        "generate-" + name,
                        new AvroTypeInfo<>(Answer.class),
                        new GenerateOperatorFactory(options.model(), options.operator(), lane))
                .uid("generate-" + name)
                .slotSharingGroup(options.slots().slotSharingGroup());
    }

    private static <T> void emit(
            String records,
            DataStream<T> stream,
            Map<String, Sink<T>> sinks,
            WorkflowOptions options,
            Consumer<DataStreamSink<?>> chaining) {
        sinks.forEach(
                (destination, sink) -> {
                    String name = "emit-" + records + "-" + destination;
                    chaining.accept(
                            stream.sinkTo(sink)
                                    .name(name)
                                    .uid(name)
                                    .slotSharingGroup(options.slots().slotSharingGroup()));
                });
    }
}
