package io.sightmill.ingest;

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
    private final GenerationValidator generations;

    TaskValidator(IngestLimits limits) {
        this.limits = limits;
        this.generations = new GenerationValidator(limits);
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
        generations.check(task.getGeneration(), where);
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
        limits.checkShortTexts(labels, limits.maxLabels(), where, "labels");
        if (labels.stream().anyMatch(String::isBlank)) {
            throw invalid(where + " has a blank label", "give every label a text");
        }
        if (new HashSet<>(labels).size() < labels.size()) {
            throw invalid(where + " has a label twice", "give every label once");
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
