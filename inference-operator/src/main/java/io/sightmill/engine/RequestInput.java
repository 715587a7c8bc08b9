package io.sightmill.engine;

import java.util.List;
import java.util.Objects;

/** Images and what is to be done with them, before preprocessing. */
public record RequestInput(String requestId, List<ImageInput> images, List<TaskInput> tasks) {

    public RequestInput {
        Objects.requireNonNull(requestId, "requestId");
        images = List.copyOf(images);
        tasks = List.copyOf(tasks);
    }
}
