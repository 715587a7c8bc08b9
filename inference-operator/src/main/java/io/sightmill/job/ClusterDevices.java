package io.sightmill.job;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.client.deployment.StandaloneClusterId;
import org.apache.flink.client.program.rest.RestClusterClient;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.DeploymentOptions;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.runtime.rest.messages.EmptyMessageParameters;
import org.apache.flink.runtime.rest.messages.EmptyRequestBody;
import org.apache.flink.runtime.rest.messages.taskmanager.TaskManagerInfo;
import org.apache.flink.runtime.rest.messages.taskmanager.TaskManagersHeaders;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a cluster has the devices that a job asks for. Flink itself waits until its slot request
 * times out and then says only that resources are missing, not which.
 */
final class ClusterDevices {

    private static final Logger LOG = LoggerFactory.getLogger(ClusterDevices.class);
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(30);

    /** Where TaskManagers are started as jobs need them. */
    private static final List<String> ELASTIC =
            List.of("kubernetes.cluster-id", "yarn.application.id");

    private ClusterDevices() {}

    /**
     * Returns when the TaskManagers that have registered offer enough, or cannot be asked because
     * they come with the job.
     *
     * @throws MissingDevicesException if after {@code slot.request.timeout} there are too few
     */
    static void await(Configuration configuration, SlotOptions slots, int parallelism)
            throws Exception {
        if (slots.gpus() == 0 || !isFixed(configuration)) {
            return;
        }
        Duration most = configuration.get(JobManagerOptions.SLOT_REQUEST_TIMEOUT);
        long deadline = System.nanoTime() + most.toNanos();
        try (RestClusterClient<StandaloneClusterId> cluster =
                new RestClusterClient<>(configuration, StandaloneClusterId.getInstance())) {
            while (true) {
                Collection<TaskManagerInfo> taskManagers = taskManagers(cluster);
                if (slotsFor(slots, taskManagers) >= parallelism) {
                    return;
                }
                String missing = missing(slots, parallelism, taskManagers);
                if (System.nanoTime() > deadline) {
                    throw new MissingDevicesException(missing);
                }
                LOG.info("waiting up to {}: {}", most, missing);
                TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
            }
        }
    }

    /** Whether this is a cluster of machines that are there or not, whatever jobs ask for. */
    private static boolean isFixed(Configuration configuration) {
        String target = configuration.getOptional(DeploymentOptions.TARGET).orElse("local");
        return (target.equals("remote") || target.equals("embedded"))
                && ELASTIC.stream().noneMatch(configuration::containsKey);
    }

    private static Collection<TaskManagerInfo> taskManagers(RestClusterClient<?> cluster)
            throws InterruptedException, ExecutionException, TimeoutException {
        return cluster.sendRequest(
                        TaskManagersHeaders.getInstance(),
                        EmptyMessageParameters.getInstance(),
                        EmptyRequestBody.getInstance())
                .get(LONGEST_ANSWER.toMillis(), TimeUnit.MILLISECONDS)
                .getTaskManagerInfos();
    }

    /** A slot's devices are all of one TaskManager. */
    private static long slotsFor(SlotOptions slots, Collection<TaskManagerInfo> taskManagers) {
        return taskManagers.stream().mapToLong(each -> devices(slots, each) / slots.gpus()).sum();
    }

    private static long devices(SlotOptions slots, TaskManagerInfo taskManager) {
        return taskManager
                .getTotalResource()
                .getExtendedResources()
                .getOrDefault(slots.gpuResource(), 0.0)
                .longValue();
    }

    private static String missing(
            SlotOptions slots, int parallelism, Collection<TaskManagerInfo> taskManagers) {
        List<String> offers = new ArrayList<>();
        long offered = 0;
        for (TaskManagerInfo each : taskManagers) {
            offered += devices(slots, each);
            offers.add(each.getResourceId() + " " + devices(slots, each));
        }
        return "the job asks for %d of the external resource '%s' (%d slots, %d each) and the cluster has %d (%s); lower the parallelism or add TaskManagers with external-resource.%s.amount set"
                .formatted(
                        (long) parallelism * slots.gpus(),
                        slots.gpuResource(),
                        parallelism,
                        slots.gpus(),
                        offered,
                        offers.isEmpty()
                                ? "no TaskManager is registered"
                                : String.join(", ", offers),
                        slots.gpuResource());
    }
}
