package io.sightmill.local.deployment;

import io.sightmill.schema.Topics;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;

/** The topics of the embedded deployment: one partition each, for one broker and one operator. */
final class LocalTopics {

    /** Topics that hold images are trimmed behind their readers; small segments follow sooner. */
    private static final Map<String, String> TRIMMED =
            Map.of(TopicConfig.SEGMENT_BYTES_CONFIG, Integer.toString(128 << 20));

    private static final Map<String, String> COMPACTED =
            Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);

    private LocalTopics() {}

    static Collection<NewTopic> all() {
        return Topics.all().stream()
                .map(name -> new NewTopic(name, 1, (short) 1).configs(settings(name)))
                .toList();
    }

    private static Map<String, String> settings(String name) {
        if (name.equals(Topics.INSTRUCTIONS)) {
            return COMPACTED;
        }
        return List.of(Topics.REQUESTS, Topics.REQUESTS_LIVE, Topics.REQUESTS_BULK).contains(name)
                ? TRIMMED
                : Map.of();
    }
}
