package io.sightmill.tuning.samples;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sightmill.tuning.DataFileException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;

/**
 * A file in LLaVA's training JSON, a list of entries or one entry after the other, read entry by
 * entry: it may be larger than memory.
 */
final class InstructionFile {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path path;
    private final long most;

    InstructionFile(InstructionSource source) {
        this.path = source.path();
        this.most = source.most();
    }

    Path path() {
        return path;
    }

    /** Takes the entries in order. */
    interface Visitor {

        /**
         * @param index from 0
         * @param begin offset of its first byte in the file
         * @param end offset after its last byte
         */
        void entry(long index, long begin, long end, JsonNode entry);

        /** The file ends in something that is no JSON; nothing follows. */
        void broken(long index, String problem);
    }

    /**
     * Reads the file, or as much of it as is taken.
     *
     * @throws DataFileException if it is missing or holds something else
     */
    void read(Visitor visitor) {
        long index = 0;
        try (JsonParser parser = JSON.createParser(path.toFile())) {
            try {
                for (JsonToken token = parser.nextToken();
                        token != null && index < most;
                        token = parser.nextToken()) {
                    if (token == JsonToken.START_ARRAY || token == JsonToken.END_ARRAY) {
                        continue;
                    }
                    long begin = parser.currentTokenLocation().getByteOffset();
                    JsonNode entry = JSON.readTree(parser);
                    long end = parser.currentLocation().getByteOffset();
                    visitor.entry(index++, begin, end, entry);
                }
            } catch (JacksonException e) {
                visitor.broken(
                        index,
                        "is broken JSON at line %d, and nothing behind it is read: %s"
                                .formatted(
                                        e.getLocation() == null ? 0 : e.getLocation().getLineNr(),
                                        e.getOriginalMessage()));
            }
        } catch (IOException e) {
            throw new DataFileException(path, "cannot be read: " + e, e);
        }
    }

    /**
     * How much of the file is done with, in bytes of the whole: as many entries of those that are
     * taken, or as many bytes of it, whichever is more.
     */
    long done(long entries, long bytes) {
        double share = Math.min(1, (double) entries / most);
        return Math.max(bytes, (long) (share * path.toFile().length()));
    }

    /** Reads one entry again. */
    JsonNode entry(long begin, long end) throws IOException {
        byte[] bytes = new byte[Math.toIntExact(end - begin)];
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
            file.seek(begin);
            file.readFully(bytes);
        }
        return JSON.readTree(bytes);
    }
}
