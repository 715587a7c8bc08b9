package io.sightmill.ingest;

import io.sightmill.schema.Topics;
import java.util.List;
import java.util.Map;

/**
 * The topics ingest reads and writes; configuration keys {@code topic.*}.
 *
 * @param requests where senders write; read
 * @param instructions compacted; read
 * @param live where requests of the live lane go
 * @param bulk where requests of the bulk lane go
 * @param rejections where everything else goes
 */
public record IngestTopics(
        String requests, String instructions, String live, String bulk, String rejections) {

    public IngestTopics {
        requireName("topic.requests", requests);
        requireName("topic.instructions", instructions);
        requireName("topic.live", live);
        requireName("topic.bulk", bulk);
        requireName("topic.rejections", rejections);
    }

    /** The names of the schemas module. */
    public static IngestTopics defaults() {
        return from(new Settings(Map.of()));
    }

    static IngestTopics from(Settings settings) {
        return new IngestTopics(
                settings.text("topic.requests", Topics.REQUESTS),
                settings.text("topic.instructions", Topics.INSTRUCTIONS),
                settings.text("topic.live", Topics.REQUESTS_LIVE),
                settings.text("topic.bulk", Topics.REQUESTS_BULK),
                settings.text("topic.rejections", Topics.REJECTIONS));
    }

    /** All of them, the ones read first. */
    public List<String> all() {
        return List.of(requests, instructions, live, bulk, rejections);
    }

    private static void requireName(String key, String name) {
        boolean isLegal = name != null && name.matches("[a-zA-Z0-9._-]{1,249}");
        Settings.require(
                isLegal, key, name, "1 to 249 letters, digits, dots, underscores or hyphens");
    }
}
