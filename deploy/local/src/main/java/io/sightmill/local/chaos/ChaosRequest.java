package io.sightmill.local.chaos;

import java.util.Set;
import java.util.function.Function;

/**
 * A record to send, and which outcomes it must have: exactly one each, nothing else.
 *
 * @param name unlike any other's of the suite; what is sent has the run's name in front
 * @param content the record's bytes, by its full name
 * @param outcomes of this request: {@code answer TASK}, {@code embedding TASK} or {@code rejection}
 */
record ChaosRequest(String name, Function<String, byte[]> content, Set<String> outcomes) {

    static final String REJECTION = "rejection";

    static String answer(String taskId) {
        return "answer " + taskId;
    }

    static String embedding(String taskId) {
        return "embedding " + taskId;
    }
}
