package io.sightmill.sinks.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightmill.schema.Answer;
import io.sightmill.schema.Embedding;
import io.sightmill.schema.Rejection;
import io.sightmill.sinks.ParquetFiles;
import io.sightmill.sinks.Records;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.MessageType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordParquetBuilderTest {

    @TempDir private Path directory;

    @Test
    void everyFieldOfAnAnswerComesBack() throws IOException {
        Answer answer = Records.answer(1);

        Path file = write(Answer.class, answer);

        assertThat(ParquetFiles.read(Answer.class, file)).containsExactly(answer);
    }

    @Test
    void aVectorIsAListAsParquetDefinesIt() throws IOException {
        Embedding embedding = Records.embedding(1);

        Path file = write(Embedding.class, embedding);

        assertThat(ParquetFiles.read(Embedding.class, file)).containsExactly(embedding);
        assertThat(schema(file).getType("vector").asGroupType().toString())
                .contains("repeated group list", "required float element");
    }

    @Test
    void aTimeIsATimestampAndComesBack() throws IOException {
        Rejection rejection = Records.rejection();

        Path file = write(Rejection.class, rejection);

        assertThat(ParquetFiles.read(Rejection.class, file)).containsExactly(rejection);
        assertThat(schema(file).getType("rejectedAt").getLogicalTypeAnnotation())
                .isEqualTo(LogicalTypeAnnotation.timestampType(true, TimeUnit.MILLIS));
    }

    private <T extends SpecificRecordBase> Path write(Class<T> type, T record) throws IOException {
        Path file = directory.resolve("one.parquet");
        try (ParquetWriter<T> writer =
                new RecordParquetBuilder<>(type).createWriter(new LocalOutputFile(file))) {
            writer.write(record);
        }
        return file;
    }

    private static MessageType schema(Path file) throws IOException {
        try (ParquetFileReader reader = ParquetFileReader.open(new LocalInputFile(file))) {
            return reader.getFileMetaData().getSchema();
        }
    }
}
