package io.sightmill.tuning.instruct;

import com.fasterxml.jackson.databind.JsonNode;
import io.sightmill.tuning.AtomicFile;
import io.sightmill.tuning.DataFileException;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes LLaVA's training JSON, one array with an entry a line, entry by entry. The file has its
 * name when it is whole.
 */
final class TrainingFile implements AutoCloseable {

    private final Path file;
    private final BufferedWriter writer;
    private boolean isEmpty = true;

    TrainingFile(Path file) {
        this.file = file;
        try {
            writer = Files.newBufferedWriter(AtomicFile.unfinished(file), StandardCharsets.UTF_8);
            writer.write("[");
        } catch (IOException e) {
            throw failed(e);
        }
    }

    void add(JsonNode sample) {
        try {
            writer.write(isEmpty ? "\n" : ",\n");
            writer.write(sample.toString());
            isEmpty = false;
        } catch (IOException e) {
            throw failed(e);
        }
    }

    void finish() {
        try {
            writer.write("\n]\n");
            writer.close();
            AtomicFile.finish(file);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private DataFileException failed(IOException cause) {
        return new DataFileException(file, "cannot be written: " + cause, cause);
    }

    @Override
    public void close() {
        try {
            writer.close();
        } catch (IOException e) {
            throw failed(e);
        }
    }
}
