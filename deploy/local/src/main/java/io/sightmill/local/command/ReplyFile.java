package io.sightmill.local.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.sightmill.tuning.evaluate.Reply;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Where the replies of an evaluation go, to be looked at. Used by one thread. */
final class ReplyFile implements AutoCloseable {

    private final Optional<Path> file;
    private final PrintWriter writer;

    private ReplyFile(Optional<Path> file, PrintWriter writer) {
        this.file = file;
        this.writer = writer;
    }

    /** Nowhere without a file. */
    static ReplyFile at(Optional<Path> file) {
        try {
            Writer writer =
                    file.isPresent()
                            ? Files.newBufferedWriter(file.get(), StandardCharsets.UTF_8)
                            : Writer.nullWriter();
            return new ReplyFile(file, new PrintWriter(writer));
        } catch (IOException e) {
            throw new CommandFailedException("cannot write " + file.get() + ": " + e, e);
        }
    }

    void write(Reply reply) {
        if (file.isEmpty()) {
            return;
        }
        writer.println(
                JsonNodeFactory.instance
                        .objectNode()
                        .put("scene", reply.scene())
                        .put("skill", reply.skill())
                        .put("question", reply.question())
                        .put("answer", reply.answer())
                        .put("reply", reply.text())
                        .put("blackedOut", reply.isBlackedOut())
                        .put("right", reply.isRight()));
    }

    @Override
    public void close() {
        if (writer.checkError()) {
            throw new CommandFailedException(file.orElseThrow() + " could not be written");
        }
        writer.close();
    }
}
