package io.sightmill.sinks;

import java.time.Duration;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** A job from the numbers 1 to n to a sink, by way of a record for each and one failure. */
public final class SequenceJob {

    private SequenceJob() {}

    /** Checkpoints five times a second and starts again at once after a failure. */
    public static Configuration configuration() {
        Configuration configuration = new Configuration();
        configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMillis(200));
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 3);
        configuration.set(
                RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(50));
        configuration.set(PipelineOptions.GENERIC_TYPES, false);
        return configuration;
    }

    /** Runs to the end of the numbers. */
    public static <T extends SpecificRecordBase> void run(
            Configuration configuration,
            long count,
            Class<T> type,
            MapFunction<Long, T> toRecord,
            MapFunction<T, T> failure,
            Sink<T> sink)
            throws Exception {
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.createLocalEnvironment(2, configuration);
        environment
                .fromSequence(1, count)
                .uid("numbers")
                .map(toRecord)
                .returns(TypeInformation.of(type))
                .uid("records")
                .map(failure)
                .returns(TypeInformation.of(type))
                .uid("failure")
                .sinkTo(sink)
                .uid("sink");
        environment.execute();
    }
}
