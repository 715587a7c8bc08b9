package io.sightmill.schema;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.apache.avro.Schema;

/** Schemas of other versions, committed as test resources. */
public final class SchemaFiles {

    private SchemaFiles() {}

    /** The schema in schemas/FOLDER/RECORD.avsc. */
    public static Schema read(String folder, String record) {
        String path = "/schemas/" + folder + "/" + record + ".avsc";
        try (InputStream file = SchemaFiles.class.getResourceAsStream(path)) {
            return new Schema.Parser().parse(file);
        } catch (IOException exception) {
            throw new UncheckedIOException(path, exception);
        }
    }
}
