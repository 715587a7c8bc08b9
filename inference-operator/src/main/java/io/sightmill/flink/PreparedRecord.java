package io.sightmill.flink;

import io.sightmill.engine.PreparedTask;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What the preprocess stage made of a record.
 *
 * @param tenant whose request it is; empty for nobody in particular
 * @param deadline when an answer stops being useful
 * @param tasks ready for the engine, in request order; none if the record came too late
 * @param imageSha256 one digest an image, in order; none if the record came too late
 * @param late whether the deadline had passed before any work was done
 * @param preprocess how long the stage took
 */
record PreparedRecord(
        RequestOutline outline,
        String tenant,
        Optional<Instant> deadline,
        List<PreparedTask> tasks,
        List<String> imageSha256,
        boolean late,
        Duration preprocess) {

    PreparedRecord {
        tasks = List.copyOf(tasks);
        imageSha256 = List.copyOf(imageSha256);
    }

    static PreparedRecord late(RequestOutline outline) {
        return new PreparedRecord(
                outline, "", Optional.empty(), List.of(), List.of(), true, Duration.ZERO);
    }
}
