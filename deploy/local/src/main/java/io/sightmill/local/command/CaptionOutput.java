package io.sightmill.local.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sightmill.schema.Answer;
import io.sightmill.schema.Rejection;
import java.io.Closeable;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** One JSON object an image, a line each, written as outcomes are committed. */
final class CaptionOutput implements Closeable {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final PrintStream lines;
    private final boolean isOwned;

    private CaptionOutput(PrintStream lines, boolean isOwned) {
        this.lines = lines;
        this.isOwned = isOwned;
    }

    static CaptionOutput toFile(Path file) {
        try {
            if (file.toAbsolutePath().getParent() != null) {
                Files.createDirectories(file.toAbsolutePath().getParent());
            }
            return new CaptionOutput(
                    new PrintStream(Files.newOutputStream(file), false, StandardCharsets.UTF_8),
                    true);
        } catch (IOException exception) {
            throw new UncheckedIOException("cannot write " + file, exception);
        }
    }

    static CaptionOutput to(PrintStream stream) {
        return new CaptionOutput(stream, false);
    }

    void answered(String path, Answer answer) {
        write(AnswerJson.of(path, answer));
    }

    void rejected(String path, Rejection rejection) {
        ObjectNode line = JsonNodeFactory.instance.objectNode();
        line.put("path", path).put("status", "rejected");
        line.put("stage", rejection.getStage().name()).put("reason", rejection.getReason().name());
        line.put("message", rejection.getMessage()).put("requestId", rejection.getRequestId());
        write(line);
    }

    private void write(ObjectNode line) {
        try {
            lines.println(MAPPER.writeValueAsString(line));
            lines.flush();
        } catch (IOException exception) {
            throw new UncheckedIOException("cannot write a result", exception);
        }
    }

    @Override
    public void close() {
        if (isOwned) {
            lines.close();
        }
    }
}
