package io.sightmill.sinks.parquet;

import java.io.IOException;
import java.util.Objects;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.flink.formats.parquet.ParquetBuilder;
import org.apache.parquet.avro.AvroParquetWriter;
import org.apache.parquet.avro.AvroWriteSupport;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.OutputFile;

/**
 * Opens Parquet files of generated records.
 *
 * <p>Flink's own factory writes without compression and without the records' conversions, so that a
 * record with a timestamp fails.
 */
final class RecordParquetBuilder<T extends SpecificRecordBase> implements ParquetBuilder<T> {

    private static final long serialVersionUID = 1L;

    private final Class<T> type;

    RecordParquetBuilder(Class<T> type) {
        this.type = Objects.requireNonNull(type, "type");
    }

    @Override
    public ParquetWriter<T> createWriter(OutputFile file) throws IOException {
        SpecificData data = SpecificData.getForClass(type);
        return AvroParquetWriter.<T>builder(file)
                .withSchema(data.getSchema(type))
                .withDataModel(data)
                .withCompressionCodec(CompressionCodecName.ZSTD)
                // Lists as the Parquet format defines them (LogicalTypes.md, "Lists"), not the
                // two-level ones that only Avro's reader tells from a record.
                .config(AvroWriteSupport.WRITE_OLD_LIST_STRUCTURE, "false")
                .build();
    }
}
