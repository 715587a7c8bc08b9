package io.sightmill.ingest;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;

/**
 * Makes sure before the start that the brokers answer and the topics are there: the deployment
 * creates them, and Kafka Streams says far less clearly what is missing.
 */
final class TopicCheck {

    private TopicCheck() {}

    /**
     * Returns if every topic exists.
     *
     * @throws IngestStartException naming the brokers or the missing topics
     */
    static void require(List<String> topics, String bootstrapServers, Duration timeout) {
        int millis = (int) Math.min(Integer.MAX_VALUE, timeout.toMillis());
        Map<String, Object> properties =
                Map.of(
                        AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers,
                        AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, millis,
                        AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, millis);
        List<String> missing = new ArrayList<>(topics);
        try (Admin admin = Admin.create(properties)) {
            Set<String> existing =
                    admin.listTopics().names().get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            missing.removeAll(existing);
        } catch (ExecutionException | TimeoutException exception) {
            throw unreachable(bootstrapServers, timeout, exception);
        } catch (InterruptedException exception) {
            Thread.currentThread().interrupt();
            throw unreachable(bootstrapServers, timeout, exception);
        }
        if (!missing.isEmpty()) {
            throw new IngestStartException(
                    "topics "
                            + missing
                            + " do not exist on "
                            + bootstrapServers
                            + "; create them before ingest is started");
        }
    }

    private static IngestStartException unreachable(
            String bootstrapServers, Duration timeout, Exception cause) {
        return new IngestStartException(
                "no broker at "
                        + bootstrapServers
                        + " answered within "
                        + timeout
                        + "; check bootstrap.servers and that Kafka runs",
                cause);
    }
}
