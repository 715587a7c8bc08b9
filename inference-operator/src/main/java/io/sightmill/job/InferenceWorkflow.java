package io.sightmill.job;

import io.sightmill.engine.Lane;
import io.sightmill.flink.GatedSource;
import io.sightmill.flink.GenerateOperatorFactory;
import io.sightmill.flink.IncomingRecord;
import io.sightmill.schema.Answer;
import java.util.Locale;
import java.util.Map;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The data path as a stream graph: for each lane source and generate operator in one chain, then
 * the sinks, which both lanes share.
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
        emit("answers", live.union(bulk), sinks.answers(), options);
        emit(
                "embeddings",
                live.getSideOutput(GenerateOperatorFactory.EMBEDDINGS)
                        .union(bulk.getSideOutput(GenerateOperatorFactory.EMBEDDINGS)),
                sinks.embeddings(),
                options);
        emit(
                "rejections",
                live.getSideOutput(GenerateOperatorFactory.REJECTIONS)
                        .union(bulk.getSideOutput(GenerateOperatorFactory.REJECTIONS)),
                sinks.rejections(),
                options);
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
                .slotSharingGroup(options.slotSharingGroup())
                .transform(
                        "generate-" + name,
                        new AvroTypeInfo<>(Answer.class),
                        new GenerateOperatorFactory(options.model(), options.operator(), lane))
                .uid("generate-" + name)
                .slotSharingGroup(options.slotSharingGroup());
    }

    private static <T> void emit(
            String records,
            DataStream<T> stream,
            Map<String, Sink<T>> sinks,
            WorkflowOptions options) {
        sinks.forEach(
                (destination, sink) -> {
                    String name = "emit-" + records + "-" + destination;
                    stream.sinkTo(sink)
                            .name(name)
                            .uid(name)
                            .slotSharingGroup(options.slotSharingGroup());
                });
    }
}
