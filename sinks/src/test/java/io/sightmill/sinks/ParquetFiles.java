package io.sightmill.sinks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.parquet.avro.AvroParquetReader;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.io.LocalInputFile;

/** Reads Parquet files back, with the reader of the Parquet project. */
public final class ParquetFiles {

    private ParquetFiles() {}

    /** The records of all finished files, which are those whose names begin with the prefix. */
    public static <T extends SpecificRecordBase> List<T> readAll(
            Class<T> type, Path directory, String prefix) throws IOException {
        List<T> records = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.sorted().toList()) {
                String name = file.getFileName().toString();
                if (name.startsWith(prefix) && name.endsWith(".parquet")) {
                    records.addAll(read(type, file));
                }
            }
        }
        return records;
    }

    public static <T extends SpecificRecordBase> List<T> read(Class<T> type, Path file)
            throws IOException {
        List<T> records = new ArrayList<>();
        try (ParquetReader<T> reader =
                AvroParquetReader.<T>builder(new LocalInputFile(file))
                        .withDataModel(SpecificData.getForClass(type))
                        .build()) {
            for (T record = reader.read(); record != null; record = reader.read()) {
                records.add(record);
            }
        }
        return records;
    }
}
