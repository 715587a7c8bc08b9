package io.sightmill.flink;

import static io.sightmill.flink.Requests.ask;
import static io.sightmill.flink.Requests.caption;
import static io.sightmill.flink.Requests.classify;
import static io.sightmill.flink.Requests.embed;
import static io.sightmill.flink.Requests.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightmill.engine.DialogueTurn;
import io.sightmill.engine.GenerationOptions;
import io.sightmill.engine.TaskInput;
import io.sightmill.engine.TaskKind;
import io.sightmill.schema.Generation;
import io.sightmill.schema.ImageSource;
import io.sightmill.schema.Message;
import io.sightmill.schema.Reason;
import io.sightmill.schema.Task;
import io.sightmill.schema.TokenBias;
import io.sightmill.schema.VisionRequest;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
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
    void everyGenerationOptionReachesTheEngine() throws Exception {
        Task task = ask("t", "q", 9);
        task.setGeneration(
                new Generation(9, 0.5, 0.9, 40, 7L, List.of("."), 2, bias(3, -1.5), 1.2, 4));
        VisionRequest request = request("r", task);

        mapping.check(request);

        assertThat(mapping.input(request, List.of()).tasks().get(0).generation())
                .isEqualTo(
                        new GenerationOptions(
                                9, 2, 0.5, 0.9, 40, 7, List.of("."), Map.of(3, -1.5), 1.2, 4));
    }

    @Test
    void aGenerationOptionThatIsWrongTurnsTheRequestAway() {
        assertRejected(generating(bad -> bad.setMinNewTokens(10)), Reason.INVALID_TASK);
        assertRejected(generating(bad -> bad.setRepetitionPenalty(0.0)), Reason.INVALID_TASK);
        assertRejected(generating(bad -> bad.setLogProbabilities(21)), Reason.INVALID_TASK);
        assertRejected(generating(bad -> bad.setLogitBias(bias(3, 1, 3, 2))), Reason.INVALID_TASK);
    }

    private static VisionRequest generating(Consumer<Generation> change) {
        Task task = ask("t", "q", 9);
        change.accept(task.getGeneration());
        return request("r", task);
    }

    private static List<TokenBias> bias(double... pairs) {
        return IntStream.range(0, pairs.length / 2)
                .mapToObj(at -> new TokenBias((int) pairs[2 * at], pairs[2 * at + 1]))
                .toList();
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
