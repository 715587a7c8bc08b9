package io.sightmill.ingest;

import io.sightmill.schema.Generation;
import io.sightmill.schema.Message;
import io.sightmill.schema.Reason;
import io.sightmill.schema.Task;
import io.sightmill.schema.TaskKind;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Says what is wrong with a task. Thread-safe. */
final class TaskValidator {

    private static final Set<String> ROLES = Set.of("system", "user", "assistant");

    private final IngestLimits limits;

    TaskValidator(IngestLimits limits) {
        this.limits = limits;
    }

    /** Returns if the task is valid apart from the instruction it names. */
    void check(Task task) throws InvalidRequestException {
        if (!Identifiers.isValid(task.getTaskId())) {
            throw new InvalidRequestException(
                    Reason.INVALID_ID,
                    "taskId is "
                            + Quoted.of(task.getTaskId())
                            + " and must be "
                            + Identifiers.RULE);
        }
        String where = "task " + Quoted.of(task.getTaskId());
        if (task.getKind() == TaskKind.UNKNOWN) {
            throw new InvalidRequestException(
                    Reason.UNKNOWN_KIND,
                    where + " is of a kind that is not known here; upgrade ingest or change it");
        }
        checkLabels(task, where);
        checkGeneration(task.getGeneration(), where);
        if (task.getInstruction() == null) {
            checkMessages(task, where);
        } else {
            checkInstruction(task, where);
        }
    }

    /** Returns if the task's dialogue is one its kind can be done with. */
    void checkMessages(Task task, String where) throws InvalidRequestException {
        List<Message> messages = task.getMessages();
        if (messages.isEmpty()) {
            if (task.getKind() == TaskKind.ANSWER || task.getKind() == TaskKind.CLASSIFY) {
                throw emptyInstruction(where + " has no messages");
            }
            return;
        }
        checkSizes(messages, where);
        for (Message message : messages) {
            if (!ROLES.contains(message.getRole())) {
                throw invalid(
                        where + " has a message by " + Quoted.of(message.getRole()),
                        "the roles are system, user and assistant");
            }
        }
        Message last = messages.get(messages.size() - 1);
        if (!last.getRole().equals("user")) {
            throw invalid(
                    where + " has a last message by " + last.getRole(),
                    "the last one must be the user's");
        }
        if (last.getText().isBlank()) {
            throw emptyInstruction(where + " has a blank last message");
        }
    }

    private void checkInstruction(Task task, String where) throws InvalidRequestException {
        if (!Identifiers.isValid(task.getInstruction())) {
            throw new InvalidRequestException(
                    Reason.INVALID_ID,
                    where
                            + " names the instruction "
                            + Quoted.of(task.getInstruction())
                            + "; a name has "
                            + Identifiers.RULE);
        }
        if (!task.getMessages().isEmpty()) {
            throw invalid(where + " has messages and names an instruction", "set only one of both");
        }
    }

    private void checkSizes(List<Message> messages, String where) throws InvalidRequestException {
        long characters = messages.stream().mapToLong(message -> message.getText().length()).sum();
        if (messages.size() > limits.maxMessages() || characters > limits.maxTextCharacters()) {
            throw new InvalidRequestException(
                    Reason.TOO_LARGE,
                    where
                            + " has "
                            + messages.size()
                            + " messages of "
                            + characters
                            + " characters; allowed are "
                            + limits.maxMessages()
                            + " of "
                            + limits.maxTextCharacters());
        }
    }

    private void checkLabels(Task task, String where) throws InvalidRequestException {
        List<String> labels = task.getLabels();
        if (task.getKind() != TaskKind.CLASSIFY) {
            if (!labels.isEmpty()) {
                throw invalid(where + " has labels", "only CLASSIFY takes them");
            }
            return;
        }
        if (labels.size() < 2) {
            throw invalid(where + " has " + labels.size() + " labels", "give at least two");
        }
        checkStrings(labels, limits.maxLabels(), where, "labels");
        if (labels.stream().anyMatch(String::isBlank)) {
            throw invalid(where + " has a blank label", "give every label a text");
        }
        if (new HashSet<>(labels).size() < labels.size()) {
            throw invalid(where + " has a label twice", "give every label once");
        }
    }

    private void checkGeneration(Generation generation, String where)
            throws InvalidRequestException {
        int tokens = generation.getMaxNewTokens();
        requireOption(
                tokens >= 1 && tokens <= limits.maxNewTokens(),
                where,
                "maxNewTokens " + tokens,
                "1 to " + limits.maxNewTokens());
        double temperature = generation.getTemperature();
        requireOption(
                temperature >= 0 && Double.isFinite(temperature),
                where,
                "temperature " + temperature,
                "0 or more");
        double topP = generation.getTopP();
        requireOption(topP > 0 && topP <= 1, where, "topP " + topP, "above 0 and at most 1");
        int topK = generation.getTopK();
        requireOption(topK >= 0, where, "topK " + topK, "0 or more");
        List<String> stop = generation.getStop();
        checkStrings(stop, limits.maxStopStrings(), where, "stop strings");
        if (stop.stream().anyMatch(String::isEmpty)) {
            throw invalid(where + " has an empty stop string", "leave it out");
        }
    }

    private void checkStrings(List<String> strings, int most, String where, String what)
            throws InvalidRequestException {
        int longest = strings.stream().mapToInt(String::length).max().orElse(0);
        if (strings.size() > most || longest > limits.maxLabelCharacters()) {
            throw new InvalidRequestException(
                    Reason.TOO_LARGE,
                    where
                            + " has "
                            + strings.size()
                            + " "
                            + what
                            + " of up to "
                            + longest
                            + " characters; allowed are "
                            + most
                            + " of "
                            + limits.maxLabelCharacters());
        }
    }

    // NaN fails every comparison, so that each bound is written as what must hold.
    private static void requireOption(boolean holds, String where, String option, String bound)
            throws InvalidRequestException {
        if (!holds) {
            throw invalid(where + " has " + option, "it must be " + bound);
        }
    }

    private static InvalidRequestException invalid(String what, String advice) {
        return new InvalidRequestException(Reason.INVALID_TASK, what + "; " + advice);
    }

    private static InvalidRequestException emptyInstruction(String what) {
        return new InvalidRequestException(
                Reason.EMPTY_INSTRUCTION, what + "; say what is wanted of the images");
    }
}
