package io.sightmill.flink;

import static io.sightmill.flink.Requests.ask;
import static io.sightmill.flink.Requests.caption;
import static io.sightmill.flink.Requests.classify;
import static io.sightmill.flink.Requests.embed;
import static io.sightmill.flink.Requests.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightmill.engine.DialogueTurn;
import io.sightmill.engine.TaskInput;
import io.sightmill.engine.TaskKind;
import io.sightmill.schema.ImageSource;
import io.sightmill.schema.Message;
import io.sightmill.schema.Reason;
import io.sightmill.schema.Task;
import io.sightmill.schema.VisionRequest;
import java.util.List;
import org.junit.jupiter.api.Test;

class RequestMappingTest {

    private final RequestMapping mapping = new RequestMapping(OperatorOptions.defaults());

    @Test
    void everyKindHasItsKindInTheEngine() throws Exception {
        VisionRequest request =
                request(
                        "r",
                        ask("a", "q", 3),
                        caption("b"),
                        classify("c", "q", "x", "y"),
                        embed("d"));

        mapping.check(request);

        assertThat(mapping.input(request, List.of()).tasks())
                .extracting(TaskInput::kind)
                .containsExactly(
                        TaskKind.GENERATE, TaskKind.GENERATE, TaskKind.SCORE, TaskKind.EMBED);
    }

    @Test
    void aCaptionWithoutMessagesAsksTheDefaultInstruction() {
        assertThat(mapping.input(request("r", caption("t")), List.of()).tasks().get(0).turns())
                .containsExactly(new DialogueTurn(DialogueTurn.Role.USER, "Describe the image."));
    }

    @Test
    void aDialogueKeepsItsOrderAndRoles() throws Exception {
        Task task = ask("t", "last", 3);
        task.setMessages(
                List.of(
                        new Message("system", "be brief"),
                        new Message("user", "first"),
                        new Message("assistant", "yes"),
                        new Message("user", "last")));
        VisionRequest request = request("r", task);

        mapping.check(request);

        assertThat(mapping.input(request, List.of()).tasks().get(0).turns())
                .extracting(DialogueTurn::text)
                .containsExactly("be brief", "first", "yes", "last");
    }

    @Test
    void whatIngestWouldTurnAwayIsTurnedAwayHereToo() {
        assertRejected(request("", ask("t", "q", 1)), Reason.INVALID_ID);
        assertRejected(request("r".repeat(257), ask("t", "q", 1)), Reason.INVALID_ID);
        assertRejected(request("r", ask("", "q", 1)), Reason.INVALID_ID);
        assertRejected(request("r", ask("t", "q", 1), caption("t")), Reason.INVALID_ID);
        assertRejected(request("r"), Reason.TASK_COUNT);
        assertRejected(withImages(), Reason.IMAGE_COUNT);
        assertRejected(withImages(new ImageSource()), Reason.IMAGE_SOURCE);
        assertRejected(request("r", ask("t", " ", 1)), Reason.EMPTY_INSTRUCTION);
        assertRejected(request("r", classify("t", "q", "one")), Reason.INVALID_TASK);
        assertRejected(request("r", classify("t", "q", "same", "same")), Reason.INVALID_TASK);
        assertRejected(request("r", ask("t", "q", 0)), Reason.INVALID_TASK);
    }

    @Test
    void rolesAreCheckedAndTheUserHasTheLastWord() {
        assertRejected(saying(new Message("tool", "x")), Reason.INVALID_TASK);
        assertRejected(
                saying(new Message("user", "x"), new Message("assistant", "y")),
                Reason.INVALID_TASK);
        assertRejected(saying(), Reason.EMPTY_INSTRUCTION);
    }

    @Test
    void anUnknownKindAndAnUnresolvedInstructionAreRejected() {
        Task newer = embed("t");
        newer.setKind(io.sightmill.schema.TaskKind.UNKNOWN);
        Task named = caption("t");
        named.setInstruction("stored");

        assertRejected(request("r", newer), Reason.UNKNOWN_KIND);
        assertRejected(request("r", named), Reason.UNKNOWN_INSTRUCTION);
    }

    private static VisionRequest saying(Message... messages) {
        Task task = ask("t", "q", 1);
        task.setMessages(List.of(messages));
        return request("r", task);
    }

    private static VisionRequest withImages(ImageSource... images) {
        VisionRequest request = request("r", caption("t"));
        request.setImages(List.of(images));
        return request;
    }

    private void assertRejected(VisionRequest request, Reason reason) {
        assertThatThrownBy(() -> mapping.check(request))
                .isInstanceOfSatisfying(
                        RecordRejectedException.class,
                        rejected -> assertThat(rejected.reason()).isEqualTo(reason));
    }
}
