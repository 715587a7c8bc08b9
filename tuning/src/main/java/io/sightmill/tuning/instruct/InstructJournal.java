package io.sightmill.tuning.instruct;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sightmill.tuning.JsonLines;
import io.sightmill.tuning.LineFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * What came of every sample, written as it comes: what is in it need not be asked for again.
 * Thread-safe.
 */
final class InstructJournal implements AutoCloseable {

    private static final int MOST_REPORTED = 20;

    private final Path file;
    private final LineFile lines;
    private final BitSet done = new BitSet();
    private final Map<SampleKind, Long> samples = new EnumMap<>(SampleKind.class);
    private final List<String> firstFailures = new ArrayList<>();
    private Lesson.Usage usage = Lesson.Usage.NONE;
    private long failures;

    InstructJournal(Path file) {
        this.file = file;
        this.lines = new LineFile(file);
        read(this::recall);
    }

    private void recall(SampleKind kind, JsonNode entry) {
        usage = usage.plus(usage(entry));
        if (entry.has("sample")) {
            done.set(entry.path("index").intValue());
            samples.merge(kind, 1L, Long::sum);
        }
    }

    private static Lesson.Usage usage(JsonNode entry) {
        return new Lesson.Usage(
                entry.path("requests").asLong(),
                entry.path("promptTokens").asLong(),
                entry.path("completionTokens").asLong(),
                entry.path("unmetered").asLong());
    }

    synchronized boolean isDone(int index) {
        return done.get(index);
    }

    synchronized long count() {
        return done.cardinality();
    }

    synchronized void succeeded(int index, SampleKind kind, ObjectNode sample, Lesson.Usage paid) {
        ObjectNode entry = entry(index, kind, paid);
        entry.set("sample", sample);
        lines.append(entry.toString());
        lines.flush();
        done.set(index);
        samples.merge(kind, 1L, Long::sum);
    }

    synchronized void failed(int index, SampleKind kind, String what, Lesson.Usage paid) {
        lines.append(entry(index, kind, paid).put("failure", what).toString());
        lines.flush();
        report(what);
    }

    /** A picture that could not be read. */
    synchronized void report(String what) {
        failures++;
        if (firstFailures.size() < MOST_REPORTED) {
            firstFailures.add(what);
        }
    }

    private ObjectNode entry(int index, SampleKind kind, Lesson.Usage paid) {
        usage = usage.plus(paid);
        ObjectNode entry = JsonNodeFactory.instance.objectNode();
        entry.put("index", index).put("kind", kind.key());
        if (paid.requests() > 0) {
            entry.put("requests", paid.requests());
            entry.put("promptTokens", paid.promptTokens());
            entry.put("completionTokens", paid.completionTokens());
            entry.put("unmetered", paid.unmetered());
        }
        return entry;
    }

    synchronized InstructReport report(boolean isWhole) {
        return new InstructReport(samples, failures, firstFailures, usage, isWhole);
    }

    /** Every entry so far. */
    void read(BiConsumer<SampleKind, JsonNode> consumer) {
        lines.flush();
        try (JsonLines<JsonNode> entries = new JsonLines<>(file, object -> object)) {
            for (JsonNode entry = entries.next(); entry != null; entry = entries.next()) {
                consumer.accept(
                        SampleKind.valueOf(JsonLines.text(entry, "kind").toUpperCase(Locale.ROOT)),
                        entry);
            }
        }
    }

    @Override
    public void close() {
        lines.close();
    }
}
