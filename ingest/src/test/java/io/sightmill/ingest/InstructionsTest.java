package io.sightmill.ingest;

import static io.sightmill.ingest.Requests.user;
import static org.assertj.core.api.Assertions.assertThat;

import io.sightmill.schema.Instruction;
import io.sightmill.schema.Message;
import io.sightmill.schema.Reason;
import io.sightmill.schema.Rejection;
import io.sightmill.schema.Task;
import io.sightmill.schema.VisionRequest;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A task that names an instruction gets what the instructions topic says at that moment. */
class InstructionsTest {

    @TempDir private Path state;
    private IngestHarness ingest;

    @BeforeEach
    void start() {
        Map<String, String> limits =
                Map.of(
                        "limit.request.bytes", "2000",
                        "limit.image.bytes", "1000",
                        "limit.text.characters", "3000");
        ingest = IngestHarness.in(state, limits);
    }

    @AfterEach
    void stop() {
        ingest.close();
    }

    @Test
    void givesATaskTheMessagesOfTheInstructionItNames() {
        List<Message> messages = List.of(new Message("system", "Be strict."), user("Safe?"));
        ingest.publishInstruction(new Instruction("safety", messages, 1L));

        ingest.send(naming("request-1", "safety"));

        assertThat(onlyTask().getMessages()).isEqualTo(messages);
    }

    @Test
    void keepsTheNameInTheTask() {
        ingest.publishInstruction(instruction("Safe?"));

        ingest.send(naming("request-1", "safety"));

        assertThat(onlyTask().getInstruction()).isEqualTo("safety");
    }

    @Test
    void leavesTheOtherTasksOfTheRequestAsTheyAre() {
        ingest.publishInstruction(instruction("Safe?"));
        Task other = Requests.answer("other");
        VisionRequest request = naming("request-1", "safety");
        request.setTasks(List.of(other, request.getTasks().get(0)));

        ingest.send(request);

        List<Task> tasks = ingest.bulk().get(0).getTasks();
        assertThat(tasks.get(0)).isEqualTo(other);
        assertThat(tasks.get(1).getMessages()).containsExactly(user("Safe?"));
    }

    @Test
    void usesAnUpdatedInstructionFromThenOn() {
        ingest.publishInstruction(instruction("Safe?"));
        ingest.send(naming("request-1", "safety"));
        ingest.publishInstruction(instruction("Is it safe?"));

        ingest.send(naming("request-2", "safety"));

        assertThat(ingest.bulk())
                .extracting(request -> request.getTasks().get(0).getMessages().get(0).getText())
                .containsExactly("Safe?", "Is it safe?");
    }

    @Test
    void rejectsANameThatIsNotInTheTopic() {
        ingest.send(naming("request-1", "safety"));

        Rejection rejection = ingest.onlyRejection();
        assertThat(rejection.getReason()).isEqualTo(Reason.UNKNOWN_INSTRUCTION);
        assertThat(rejection.getMessage())
                .contains("task 'task-1' names 'safety'", "publish it first");
    }

    @Test
    void rejectsANameWhoseInstructionWasDeleted() {
        ingest.publishInstruction(instruction("Safe?"));
        ingest.publishInstruction("safety", null);

        ingest.send(naming("request-1", "safety"));

        assertThat(ingest.onlyRejection().getReason()).isEqualTo(Reason.UNKNOWN_INSTRUCTION);
    }

    @Test
    void survivesAnInstructionThatCannotBeDecoded() {
        ingest.publishInstruction("safety", new byte[] {1, 2, 3});
        ingest.publishInstruction(null, new byte[] {1, 2, 3});

        ingest.send(naming("request-1", "safety"));
        Rejection rejection = ingest.onlyRejection();
        ingest.publishInstruction(instruction("Safe?"));
        ingest.send(naming("request-1", "safety"));

        assertThat(rejection.getReason()).isEqualTo(Reason.UNKNOWN_INSTRUCTION);
        assertThat(rejection.getMessage()).contains("cannot be read", "publish it again");
        assertThat(ingest.bulk()).hasSize(1);
    }

    @Test
    void rejectsATaskWhoseInstructionSaysNothing() {
        ingest.publishInstruction(instruction(" "));

        ingest.send(naming("request-1", "safety"));

        Rejection rejection = ingest.onlyRejection();
        assertThat(rejection.getReason()).isEqualTo(Reason.EMPTY_INSTRUCTION);
        assertThat(rejection.getMessage()).contains("with its instruction, task 'task-1'");
    }

    @Test
    void rejectsARequestThatItsInstructionsMakeTooLarge() {
        ingest.publishInstruction(instruction("x".repeat(2500)));
        ingest.send(naming("request-1", "safety"));
        Rejection rejection = ingest.onlyRejection();

        ingest.publishInstruction(instruction("Safe?"));
        ingest.send(naming("request-1", "safety"));

        assertThat(rejection.getReason()).isEqualTo(Reason.TOO_LARGE);
        assertThat(rejection.getMessage()).contains("with its instructions the record has");
        assertThat(ingest.bulk()).hasSize(1);
    }

    private Task onlyTask() {
        List<VisionRequest> bulk = ingest.bulk();
        assertThat(bulk).hasSize(1);
        return bulk.get(0).getTasks().get(0);
    }

    private static Instruction instruction(String text) {
        return new Instruction("safety", List.of(user(text)), 1L);
    }

    private static VisionRequest naming(String requestId, String instruction) {
        VisionRequest request =
                Requests.withTask(
                        task -> {
                            task.setMessages(List.of());
                            task.setInstruction(instruction);
                        });
        request.setRequestId(requestId);
        return request;
    }
}
