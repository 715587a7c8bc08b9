package io.sightmill.job;

import io.sightmill.schema.Answer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;

/** A sink that takes a record when a test lets it, found by its name wherever the job runs it. */
record HeldSink(String name) implements Sink<Answer> {

    private static final long serialVersionUID = 1L;

    private static final Map<String, Control> CONTROLS = new ConcurrentHashMap<>();

    /** What the test has in hand. */
    record Control(Semaphore permits, List<Answer> written) {}

    Control control() {
        return CONTROLS.computeIfAbsent(
                name, any -> new Control(new Semaphore(0), new CopyOnWriteArrayList<>()));
    }

    @Override
    public SinkWriter<Answer> createWriter(WriterInitContext context) {
        Control control = control();
        return new SinkWriter<>() {
            @Override
            public void write(Answer answer, Context where) throws InterruptedException {
                control.permits().acquire();
                control.written().add(answer);
            }

            @Override
            public void flush(boolean endOfInput) {
                // What is written is written.
            }

            @Override
            public void close() {
                // Holds nothing.
            }
        };
    }
}
