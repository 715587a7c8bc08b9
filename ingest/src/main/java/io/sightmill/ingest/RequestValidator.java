package io.sightmill.ingest;

import io.sightmill.schema.ImageSource;
import io.sightmill.schema.Reason;
import io.sightmill.schema.Task;
import io.sightmill.schema.VisionRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Says what is wrong with a request, first things first. Thread-safe. */
final class RequestValidator {

    private final IngestLimits limits;
    private final InstantSource clock;
    private final ImageValidator images;
    private final TaskValidator tasks;

    RequestValidator(IngestLimits limits, InstantSource clock) {
        this.limits = limits;
        this.clock = clock;
        this.images = new ImageValidator(limits);
        this.tasks = new TaskValidator(limits);
    }

    /** Returns if the request is valid apart from the instructions it names. */
    void check(VisionRequest request) throws InvalidRequestException {
        checkIds(request);
        checkTimes(request);
        checkAttributes(request.getAttributes());
        checkImages(request.getImages());
        checkTasks(request.getTasks());
    }

    /** Returns if the task is valid with the messages that a named instruction gave it. */
    void checkResolved(Task task) throws InvalidRequestException {
        tasks.checkMessages(task, "with its instruction, task " + Quoted.of(task.getTaskId()));
    }

    boolean areAttributesWithinLimits(Map<String, String> attributes) {
        return attributes.size() <= limits.maxAttributes()
                && attributes.entrySet().stream().allMatch(this::isWithinLimit);
    }

    private boolean isWithinLimit(Map.Entry<String, String> attribute) {
        return (long) attribute.getKey().length() + attribute.getValue().length()
                <= limits.maxAttributeCharacters();
    }

    private static void checkIds(VisionRequest request) throws InvalidRequestException {
        if (!Identifiers.isValid(request.getRequestId())) {
            throw new InvalidRequestException(
                    Reason.INVALID_ID,
                    "requestId is "
                            + Quoted.of(request.getRequestId())
                            + " and must be "
                            + Identifiers.RULE);
        }
        if (request.getTenant() != null && !Identifiers.isValid(request.getTenant())) {
            throw new InvalidRequestException(
                    Reason.INVALID_ID,
                    "tenant is "
                            + Quoted.of(request.getTenant())
                            + " and must be null or "
                            + Identifiers.RULE);
        }
    }

    private void checkTimes(VisionRequest request) throws InvalidRequestException {
        Instant now = clock.instant();
        Instant created = request.getCreatedAt();
        Instant deadline = request.getDeadline();
        if (created.isBefore(now.minus(limits.maxAge()))) {
            throw invalidTime("createdAt", created, "at most " + limits.maxAge() + " ago", now);
        }
        if (created.isAfter(now.plus(limits.maxClockSkew()))) {
            Duration skew = limits.maxClockSkew();
            throw invalidTime("createdAt", created, "at most " + skew + " ahead", now);
        }
        if (deadline == null) {
            return;
        }
        if (!deadline.isAfter(created)) {
            throw invalidTime("deadline", deadline, "after createdAt, " + created, now);
        }
        if (deadline.isAfter(created.plus(limits.maxTimeToDeadline()))) {
            String bound = "at most " + limits.maxTimeToDeadline() + " after createdAt";
            throw invalidTime("deadline", deadline, bound, now);
        }
    }

    private static InvalidRequestException invalidTime(
            String field, Instant value, String bound, Instant now) {
        return new InvalidRequestException(
                Reason.INVALID_TIME,
                field + " is " + value + " and must be " + bound + "; the clock here says " + now);
    }

    private void checkAttributes(Map<String, String> attributes) throws InvalidRequestException {
        if (!areAttributesWithinLimits(attributes)) {
            throw new InvalidRequestException(
                    Reason.TOO_LARGE,
                    "the request has "
                            + attributes.size()
                            + " attributes; allowed are "
                            + limits.maxAttributes()
                            + " of at most "
                            + limits.maxAttributeCharacters()
                            + " characters each");
        }
    }

    private void checkImages(List<ImageSource> sources) throws InvalidRequestException {
        if (sources.isEmpty() || sources.size() > limits.maxImages()) {
            throw new InvalidRequestException(
                    Reason.IMAGE_COUNT,
                    "the request has "
                            + sources.size()
                            + " images and must have 1 to "
                            + limits.maxImages());
        }
        for (int index = 0; index < sources.size(); index++) {
            images.check(sources.get(index), "image " + index);
        }
    }

    private void checkTasks(List<Task> wanted) throws InvalidRequestException {
        if (wanted.isEmpty() || wanted.size() > limits.maxTasks()) {
            throw new InvalidRequestException(
                    Reason.TASK_COUNT,
                    "the request has "
                            + wanted.size()
                            + " tasks and must have 1 to "
                            + limits.maxTasks());
        }
        Set<String> seen = new HashSet<>();
        for (Task task : wanted) {
            tasks.check(task);
            if (!seen.add(task.getTaskId())) {
                throw new InvalidRequestException(
                        Reason.INVALID_ID,
                        "taskId "
                                + Quoted.of(task.getTaskId())
                                + " is used twice; every task needs its own");
            }
        }
    }
}
