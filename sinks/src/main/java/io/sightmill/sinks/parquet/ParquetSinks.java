package io.sightmill.sinks.parquet;

import io.sightmill.schema.Answer;
import io.sightmill.schema.Embedding;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.flink.connector.file.sink.FileSink;
import org.apache.flink.core.fs.Path;
import org.apache.flink.formats.parquet.ParquetWriterFactory;
import org.apache.flink.streaming.api.functions.sink.filesystem.OutputFileConfig;
import org.apache.flink.streaming.api.functions.sink.filesystem.bucketassigners.BasePathBucketAssigner;
import org.apache.flink.streaming.api.functions.sink.filesystem.rollingpolicies.OnCheckpointRollingPolicy;

/**
 * Sinks that write Parquet files, one a subtask and checkpoint, straight into a directory.
 *
 * <p>Exactly once over the finished files, {@code <kind>-<id>-<counter>.parquet}: a file takes that
 * name when the checkpoint that holds its records is complete. What is being written, or was when a
 * job died, lies beside it under a name that begins with a dot, which readers of Parquet
 * directories skip by convention.
 */
public final class ParquetSinks {

    private ParquetSinks() {}

    /** Answers as {@code answers-*.parquet} in the directory, any file system Flink knows. */
    public static FileSink<Answer> answers(Path directory) {
        return of(Answer.class, directory, "answers");
    }

    /** Embeddings as {@code embeddings-*.parquet} in the directory. */
    public static FileSink<Embedding> embeddings(Path directory) {
        return of(Embedding.class, directory, "embeddings");
    }

    /** Records of any type, in files whose names begin with the prefix. */
    public static <T extends SpecificRecordBase> FileSink<T> of(
            Class<T> type, Path directory, String prefix) {
        return FileSink.forBulkFormat(
                        directory, new ParquetWriterFactory<>(new RecordParquetBuilder<>(type)))
                .withBucketAssigner(new BasePathBucketAssigner<>())
                .withRollingPolicy(OnCheckpointRollingPolicy.build())
                .withOutputFileConfig(
                        OutputFileConfig.builder()
                                .withPartPrefix(prefix)
                                .withPartSuffix(".parquet")
                                .build())
                .build();
    }
}
