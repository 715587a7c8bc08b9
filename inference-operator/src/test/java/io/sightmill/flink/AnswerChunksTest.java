package io.sightmill.flink;

import static io.sightmill.flink.Requests.ask;
import static io.sightmill.flink.Requests.classify;
import static io.sightmill.flink.Requests.embed;
import static io.sightmill.flink.Requests.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.sightmill.engine.Lane;
import io.sightmill.schema.AnswerChunk;
import io.sightmill.schema.FinishReason;
import io.sightmill.schema.Task;
import io.sightmill.schema.VisionRequest;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The text of live tasks while it is generated. */
@Timeout(30)
class AnswerChunksTest {

    private final ScriptedModel.Provider model =
            new ScriptedModel.Provider(UUID.randomUUID().toString());
    private final ModelControl control = ModelControl.of(model);

    @Test
    void theChunksOfATaskMakeItsAnswer() throws Exception {
        try (OperatorHarness operator = OperatorHarness.opened(model, Lane.LIVE)) {
            operator.process(request("r", streamed(ask("t", "why", 20))));
            operator.endInput();

            List<AnswerChunk> chunks = operator.answerChunks();
            assertThat(chunks).extracting(AnswerChunk::getIndex).isEqualTo(counted(chunks.size()));
            assertThat(chunks).hasSizeGreaterThan(19);
            assertThat(textOf(chunks)).isEqualTo(ScriptedModel.expectedText("why", 20));
            assertThat(textOf(chunks)).isEqualTo(operator.answers().get(0).getText());
            assertThat(chunks).extracting(AnswerChunk::getLast).endsWith(false, true);
            assertThat(chunks).filteredOn(AnswerChunk::getLast).hasSize(1);
        }
    }

    @Test
    void aTaskStreamsInTheLiveLaneIfItAsksForIt() throws Exception {
        VisionRequest request =
                request("r", ask("quiet", "why", 3), streamed(ask("loud", "why", 3)));
        try (OperatorHarness live = OperatorHarness.opened(model, Lane.LIVE);
                OperatorHarness bulk = OperatorHarness.opened(model, Lane.BULK)) {
            live.process(request);
            live.endInput();
            bulk.process(request);
            bulk.endInput();

            assertThat(live.answerChunks())
                    .isNotEmpty()
                    .extracting(AnswerChunk::getTaskId)
                    .containsOnly("loud");
            assertThat(bulk.answerChunks()).isEmpty();
        }
    }

    @Test
    void aLabelIsOneChunkAndAVectorNone() throws Exception {
        try (OperatorHarness operator = OperatorHarness.opened(model, Lane.LIVE)) {
            operator.process(
                    request(
                            "r",
                            streamed(classify("label", "safe?", "no", "yes")),
                            streamed(embed("vector"))));
            operator.endInput();

            assertThat(operator.answerChunks())
                    .containsExactly(new AnswerChunk("r", "label", 0, "yes", true, null));
        }
    }

    @Test
    void whatIsLateOnArrivalEndsWithAnEmptyChunk() throws Exception {
        try (OperatorHarness operator = OperatorHarness.opened(model, Lane.LIVE)) {
            VisionRequest request = request("r", streamed(ask("t", "why", 20)));
            request.setDeadline(OperatorHarness.NOW);

            operator.process(request);
            operator.endInput();

            assertThat(operator.answers().get(0).getFinishReason()).isEqualTo(FinishReason.LATE);
            assertThat(operator.answerChunks())
                    .containsExactly(new AnswerChunk("r", "t", 0, "", true, null));
        }
    }

    @Test
    void afterARestoreTheSameChunksComeAgainAndNoneIsMissing() throws Exception {
        OperatorSubtaskState state;
        List<AnswerChunk> undisturbed;
        int inCheckpoint;
        control.block();
        try (OperatorHarness operator = OperatorHarness.opened(model, Lane.LIVE)) {
            operator.process(request("r", streamed(ask("t", "why", 40))));
            control.allowCalls(15);
            operator.runMailUntil(() -> operator.tokensOf("t") >= 10);
            state = operator.snapshot();
            inCheckpoint = operator.answerChunks().size();
            assertThat(inCheckpoint).isEqualTo(operator.tokensOf("t"));
            control.unblock();
            operator.endInput();
            undisturbed = operator.answerChunks();
        }

        try (OperatorHarness operator = OperatorHarness.restored(model, state, Lane.LIVE)) {
            operator.endInput();

            assertThat(operator.answerChunks())
                    .isEqualTo(undisturbed.subList(inCheckpoint, undisturbed.size()));
        }
    }

    private static Task streamed(Task task) {
        task.setStream(true);
        return task;
    }

    private static List<Integer> counted(int size) {
        return IntStream.range(0, size).boxed().toList();
    }

    private static String textOf(List<AnswerChunk> chunks) {
        return chunks.stream().map(AnswerChunk::getText).collect(Collectors.joining());
    }
}
