package io.sightmill.engine;

import java.util.List;

/** A request after preprocessing: decoded, resized images and tokenized tasks, in request order. */
public record PreparedRequest(List<PreparedImage> images, List<PreparedTask> tasks) {

    public PreparedRequest {
        images = List.copyOf(images);
        tasks = List.copyOf(tasks);
    }
}
