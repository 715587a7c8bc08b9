package io.sightmill.sinks.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightmill.schema.Embedding;
import io.sightmill.sinks.FailOnce;
import io.sightmill.sinks.ParquetFiles;
import io.sightmill.sinks.Records;
import io.sightmill.sinks.SequenceJob;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParquetSinksIT {

    private static final int COUNT = 1_000;

    private static final List<Embedding> ALL =
            LongStream.rangeClosed(1, COUNT).mapToObj(Records::embedding).toList();

    @TempDir private Path directory;

    @Test
    void everyRecordIsInOneFinishedFileThroughAFailure() throws Exception {
        String test = directory.toString();

        SequenceJob.run(
                SequenceJob.configuration(),
                COUNT,
                Embedding.class,
                Records::embedding,
                new FailOnce<>(test, 2),
                ParquetSinks.embeddings(new org.apache.flink.core.fs.Path(directory.toUri())));

        assertThat(FailOnce.failures(test)).isOne();
        assertThat(ParquetFiles.readAll(Embedding.class, directory, "embeddings-"))
                .containsExactlyInAnyOrderElementsOf(ALL);
    }
}
