package io.sightmill.tuning;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The options of a run, kept beside what it writes: another run goes on with the same only. */
public final class RunDescription {

    private RunDescription() {}

    /**
     * Writes the options where there are none, and compares them with those that are there.
     *
     * @param what the file's directory holds, for the message
     * @throws DataFileException if there are others, naming the first difference
     */
    public static void claim(Path file, ObjectNode options, String what) {
        try {
            if (Files.exists(file)) {
                requireSame(file, new ObjectMapper().readTree(file.toFile()), options, what);
            } else {
                AtomicFile.write(file, options.toPrettyString() + "\n");
            }
        } catch (IOException e) {
            throw new DataFileException(file, "cannot be read or written: " + e, e);
        }
    }

    private static void requireSame(Path file, JsonNode there, ObjectNode wished, String what) {
        for (Map.Entry<String, JsonNode> entry : wished.properties()) {
            JsonNode found = there.path(entry.getKey());
            // As texts: 0 and 0.0 are different nodes of the same number otherwise.
            if (!found.asText().equals(entry.getValue().asText())) {
                throw new DataFileException(
                        file,
                        "the directory holds %s with %s %s, not %s: name another directory, or give the same options to go on with this one"
                                .formatted(
                                        what,
                                        entry.getKey(),
                                        found.asText(),
                                        entry.getValue().asText()));
            }
        }
    }
}
