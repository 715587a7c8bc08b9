package io.sightmill.broker;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Creates topics that may exist already, on any Kafka. */
public final class TopicCreation {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final long PAUSE_MILLIS = 20;

    private TopicCreation() {}

    /**
     * Creates those of the topics that do not exist and returns when every partition of all of them
     * has a leader.
     *
     * @throws KafkaException if the cluster cannot be reached or refuses a topic
     */
    public static void createMissing(String bootstrapServers, Collection<NewTopic> topics) {
        Map<String, Object> configuration =
                Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        try (Admin admin = Admin.create(configuration)) {
            admin.createTopics(topics).values().forEach(TopicCreation::awaitCreated);
            awaitUsable(admin, topics.stream().map(NewTopic::name).toList());
        }
    }

    private static void awaitCreated(String topic, KafkaFuture<Void> created) {
        try {
            created.get();
        } catch (ExecutionException exception) {
            if (!(exception.getCause() instanceof TopicExistsException)) {
                throw new KafkaException("cannot create topic " + topic, exception.getCause());
            }
        } catch (InterruptedException exception) {
            throw new InterruptException(exception);
        }
    }

    /** A topic is committed by the controller a moment before the broker knows of it. */
    private static void awaitUsable(Admin admin, List<String> topics) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!areUsable(admin, topics)) {
            if (System.nanoTime() - deadline > 0) {
                throw new TimeoutException(
                        "topics "
                                + topics
                                + " have no leader after "
                                + PATIENCE.toSeconds()
                                + " s");
            }
            try {
                Thread.sleep(PAUSE_MILLIS);
            } catch (InterruptedException exception) {
                throw new InterruptException(exception);
            }
        }
    }

    private static boolean areUsable(Admin admin, List<String> topics) {
        try {
            return admin.describeTopics(topics).allTopicNames().get().values().stream()
                    .allMatch(TopicCreation::hasLeaders);
        } catch (ExecutionException exception) {
            if (exception.getCause() instanceof UnknownTopicOrPartitionException) {
                return false;
            }
            throw new KafkaException("cannot describe topics " + topics, exception.getCause());
        } catch (InterruptedException exception) {
            throw new InterruptException(exception);
        }
    }

    private static boolean hasLeaders(TopicDescription topic) {
        return topic.partitions().stream().allMatch(partition -> partition.leader() != null);
    }
}
