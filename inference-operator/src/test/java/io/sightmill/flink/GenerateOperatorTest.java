package io.sightmill.flink;

import static io.sightmill.flink.Requests.ask;
import static io.sightmill.flink.Requests.caption;
import static io.sightmill.flink.Requests.classify;
import static io.sightmill.flink.Requests.embed;
import static io.sightmill.flink.Requests.image;
import static io.sightmill.flink.Requests.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import io.sightmill.schema.Answer;
import io.sightmill.schema.FinishReason;
import io.sightmill.schema.Reason;
import io.sightmill.schema.Stage;
import io.sightmill.schema.VisionRequest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class GenerateOperatorTest {

    private final ScriptedModel.Provider model =
            new ScriptedModel.Provider(UUID.randomUUID().toString());
    private final ModelControl control = ModelControl.of(model);

    @AfterEach
    void everyModelIsClosedAndHoldsNothing() {
        assertThat(control.openModels()).isZero();
        assertThat(control.runningSequences()).isZero();
    }

    @Test
    void aRequestIsAnsweredWithEverythingNeededToMakeTheAnswerAgain() throws Exception {
        try (OperatorHarness operator = OperatorHarness.opened(model)) {
            VisionRequest request = request("r1", ask("t1", "what is it", 12));
            request.setAttributes(Map.of("file", "a.png"));

            operator.process(request);
            operator.endInput();

            Answer answer = operator.answers().get(0);
            assertThat(answer.getRequestId()).isEqualTo("r1");
            assertThat(answer.getTaskId()).isEqualTo("t1");
            assertThat(answer.getText()).isEqualTo(ScriptedModel.expectedText("what is it", 12));
            assertThat(answer.getFinishReason()).isEqualTo(FinishReason.LENGTH);
            assertThat(answer.getUsage().getImageTokens()).isEqualTo(ScriptedModel.IMAGE_TOKENS);
            assertThat(answer.getUsage().getPromptTokens()).isEqualTo(12);
            assertThat(answer.getUsage().getCompletionTokens()).isEqualTo(12);
            assertThat(answer.getTimings().getEncodeMillis()).isNotNegative();
            assertThat(answer.getProvenance().getModel()).isEqualTo("scripted");
            assertThat(answer.getProvenance().getSeed()).isEqualTo(7);
            assertThat(answer.getProvenance().getImageSha256())
                    .isEqualTo(Digest.of("picture of r1".getBytes(StandardCharsets.US_ASCII)));
            assertThat(answer.getProvenance().getPromptSha256()).hasSize(64);
            assertThat(answer.getAttributes()).containsExactly(Map.entry("file", "a.png"));
        }
    }

    @Test
    void everyKindOfTaskIsDone() throws Exception {
        try (OperatorHarness operator = OperatorHarness.opened(model)) {
            operator.process(
                    request(
                            "r1",
                            ask("a", "why", 2),
                            caption("b"),
                            classify("c", "safe?", "no", "yes"),
                            embed("d")));
            operator.endInput();

            assertThat(operator.answers())
                    .extracting(Answer::getTaskId)
                    .containsExactly("a", "b", "c");
            assertThat(operator.answers().get(1).getText())
                    .isEqualTo(ScriptedModel.expectedText("Describe the image.", 3));
            Answer verdict = operator.answers().get(2);
            assertThat(verdict.getText()).isEqualTo("yes");
            assertThat(verdict.getFinishReason()).isEqualTo(FinishReason.LABEL);
            assertThat(verdict.getLabelScores().get("no")).isCloseTo(0.25, within(1e-9));
            assertThat(operator.embeddings())
                    .singleElement()
                    .satisfies(
                            embedding -> {
                                assertThat(embedding.getTaskId()).isEqualTo("d");
                                assertThat(embedding.getSource()).isEqualTo("projector-mean");
                                assertThat(embedding.getVector()).containsExactly(2f, 0.5f);
                            });
        }
    }

    @Test
    void theTasksOfARecordLeaveTogetherWhenTheLastOneEnds() throws Exception {
        control.block();
        try (OperatorHarness operator = OperatorHarness.opened(model)) {
            operator.process(request("r1", ask("short", "a", 1), ask("long", "b", 20)));

            control.allowCalls(10);
            operator.runMailUntil(() -> control.decodedTokens() >= 8);
            assertThat(operator.answers()).isEmpty();

            control.unblock();
            operator.endInput();
            assertThat(operator.answers())
                    .extracting(Answer::getTaskId)
                    .containsExactly("short", "long");
        }
    }

    @Test
    void theTraceContextGoesWithEverythingThatARequestGivesAlsoAfterARestore() throws Exception {
        String trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        byte[] header = trace.getBytes(StandardCharsets.US_ASCII);
        OperatorSubtaskState checkpoint;
        control.block();
        try (OperatorHarness operator = OperatorHarness.opened(model)) {
            operator.process(Requests.bytes(request("good", ask("t", "x", 2), embed("e"))), header);
            operator.process("no record".getBytes(StandardCharsets.US_ASCII), header);
            operator.process(
                    Requests.bytes(request("plain", ask("t", "x", 2))), new byte[] {'0', '0'});
            operator.runMailUntil(() -> !operator.rejections().isEmpty());
            assertThat(operator.rejections().get(0).getTraceparent()).isEqualTo(trace);
            checkpoint = operator.snapshot();
        }
        control.unblock();
        try (OperatorHarness operator = OperatorHarness.restored(model, checkpoint)) {
            operator.endInput();

            assertThat(operator.answers())
                    .extracting(Answer::getRequestId, Answer::getTraceparent)
                    .containsExactlyInAnyOrder(tuple("good", trace), tuple("plain", null));
            assertThat(operator.embeddings().get(0).getTraceparent()).isEqualTo(trace);
        }
    }

    @Test
    void undecodableBytesAreRejectedWithTheirOrigin() throws Exception {
        try (OperatorHarness operator = OperatorHarness.opened(model)) {
            operator.process("no record".getBytes(StandardCharsets.US_ASCII));
            operator.process(new byte[0]);
            operator.process(request("good", ask("t", "x", 2)));
            operator.endInput();

            assertThat(operator.rejections())
                    .hasSize(2)
                    .allSatisfy(
                            rejection -> {
                                assertThat(rejection.getReason()).isEqualTo(Reason.UNDECODABLE);
                                assertThat(rejection.getStage()).isEqualTo(Stage.PREPROCESS);
                                assertThat(rejection.getRequestId()).isNull();
                                assertThat(rejection.getOrigin().getTopic()).isEqualTo("requests");
                            });
            assertThat(operator.answers()).hasSize(1);
        }
    }

    @Test
    void aPoisonRecordCostsItselfOnlyAndAllOfIt() throws Exception {
        try (OperatorHarness operator = OperatorHarness.opened(model)) {
            operator.process(request("before", ask("t", "x", 5)));
            operator.process(
                    request(
                            "poison",
                            ask("fine", "y", 3),
                            ask("bad", ScriptedModel.POISON, 5),
                            ask("long", "z", 200)));
            operator.process(request("after", ask("t", "z", 5)));
            operator.endInput();

            assertThat(operator.answers())
                    .extracting(Answer::getRequestId)
                    .containsExactlyInAnyOrder("before", "after");
            assertThat(operator.rejections())
                    .singleElement()
                    .satisfies(
                            rejection -> {
                                assertThat(rejection.getRequestId()).isEqualTo("poison");
                                assertThat(rejection.getReason()).isEqualTo(Reason.MODEL_FAILURE);
                                assertThat(rejection.getStage()).isEqualTo(Stage.PREFILL);
                            });
        }
    }

    @Test
    void anImageThatCannotBeDecodedIsRejectedHoweverTheDecoderFails() throws Exception {
        try (OperatorHarness operator = OperatorHarness.opened(model)) {
            for (String content : List.of(ScriptedModel.CORRUPT, ScriptedModel.BROKEN, "")) {
                VisionRequest request = request("r" + content, ask("t", "x", 2));
                request.setImages(List.of(image(content)));
                operator.process(request);
            }
            operator.endInput();

            assertThat(operator.answers()).isEmpty();
            assertThat(operator.rejections())
                    .extracting(rejection -> rejection.getReason())
                    .containsExactlyInAnyOrder(
                            Reason.CORRUPT_IMAGE, Reason.MODEL_FAILURE, Reason.EMPTY_IMAGE);
        }
    }

    @Test
    void aRecordLateOnArrivalGetsLateAnswersAndCostsNoStep() throws Exception {
        control.block();
        try (OperatorHarness operator = OperatorHarness.opened(model)) {
            VisionRequest late = request("late", ask("a", "x", 5), embed("b"));
            late.setDeadline(OperatorHarness.NOW);

            operator.process(late);
            operator.endInput();

            assertThat(operator.answers())
                    .hasSize(2)
                    .allSatisfy(
                            answer -> {
                                assertThat(answer.getFinishReason()).isEqualTo(FinishReason.LATE);
                                assertThat(answer.getText()).isEmpty();
                            });
        } finally {
            control.unblock();
        }
    }

    @Test
    void aRecordWhoseDeadlinePassesMeanwhileGetsWhatThereIs() throws Exception {
        control.block();
        try (OperatorHarness operator = OperatorHarness.opened(model)) {
            VisionRequest request = request("r1", ask("long", "x", 4_000), ask("short", "y", 1));
            request.setDeadline(OperatorHarness.NOW.plusSeconds(1));
            operator.process(request);
            control.allowCalls(12);
            operator.runMailUntil(() -> operator.tokensOf("long") >= 10);

            operator.setNow(OperatorHarness.NOW.plusSeconds(1));
            control.unblock();
            operator.endInput();

            assertThat(operator.answers())
                    .extracting(Answer::getFinishReason)
                    .containsExactly(FinishReason.LATE, FinishReason.LENGTH);
            Answer late = operator.answers().get(0);
            assertThat(late.getUsage().getCompletionTokens()).isBetween(10, 3_999);
            assertThat(ScriptedModel.expectedText("x", 4_000)).startsWith(late.getText());
        }
    }

    @Test
    void aRestoredRecordThatIsLateByThenGetsWhatThereWasAndNoStep() throws Exception {
        OperatorSubtaskState state;
        control.block();
        try (OperatorHarness operator = OperatorHarness.opened(model)) {
            VisionRequest request =
                    request("r1", ask("long", "what", 40), ask("none", "x", 5), embed("e"));
            request.setDeadline(OperatorHarness.NOW.plusSeconds(1));
            operator.process(request);
            control.allowCalls(12);
            operator.runMailUntil(() -> operator.tokensOf("long") >= 10);
            state = operator.snapshot();
            control.unblock();
        }

        int admitted = control.timesAdmitted();
        Instant later = OperatorHarness.NOW.plusSeconds(1);
        try (OperatorHarness operator = OperatorHarness.restored(model, state, later)) {
            operator.endInput();

            Answer late = answerOf(operator, "long");
            assertThat(late.getFinishReason()).isEqualTo(FinishReason.LATE);
            int tokens = late.getUsage().getCompletionTokens();
            assertThat(tokens).isGreaterThanOrEqualTo(10);
            assertThat(late.getText()).isEqualTo(ScriptedModel.expectedText("what", tokens));
            assertThat(late.getProvenance().getPromptSha256()).isNotEmpty();
            assertThat(control.timesAdmitted()).isEqualTo(admitted);
        }
    }

    private static Answer answerOf(OperatorHarness operator, String taskId) {
        return operator.answers().stream()
                .filter(answer -> answer.getTaskId().equals(taskId))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void afterARestoreAnAnswerGoesOnFromItsLastToken() throws Exception {
        OperatorSubtaskState state;
        control.block();
        try (OperatorHarness operator = OperatorHarness.opened(model)) {
            operator.process(request("r1", ask("short", "a", 1), ask("long", "what", 40)));
            control.allowCalls(12);
            operator.runMailUntil(() -> operator.tokensOf("long") >= 10);
            state = operator.snapshot();
            control.unblock();
        }
        int decodedBefore = control.decodedTokens();

        try (OperatorHarness operator = OperatorHarness.restored(model, state)) {
            operator.endInput();

            assertThat(operator.answers())
                    .extracting(Answer::getText)
                    .containsExactly(
                            ScriptedModel.expectedText("a", 1),
                            ScriptedModel.expectedText("what", 40));
            assertThat(operator.metrics().resumedTokens()).isGreaterThanOrEqualTo(10);
            assertThat(operator.metrics().generatedTokens())
                    .isEqualTo(40 - operator.metrics().resumedTokens());
        }
        assertThat(control.decodedTokens()).isGreaterThan(decodedBefore);
    }

    @Test
    void tokensOfOtherWeightsAreNotContinued() throws Exception {
        OperatorSubtaskState state;
        control.block();
        try (OperatorHarness operator = OperatorHarness.opened(model)) {
            operator.process(request("r1", ask("long", "what", 40)));
            control.allowCalls(12);
            operator.runMailUntil(() -> operator.tokensOf("long") >= 10);
            state = operator.snapshot();
            control.unblock();
        }

        ScriptedModel.Provider other =
                new ScriptedModel.Provider(model.controlName(), "f".repeat(64));
        try (OperatorHarness operator = OperatorHarness.restored(other, state)) {
            operator.endInput();

            assertThat(operator.metrics().resumedTokens()).isZero();
            assertThat(operator.metrics().generatedTokens()).isEqualTo(40);
            assertThat(operator.answers())
                    .extracting(Answer::getText)
                    .containsExactly(ScriptedModel.expectedText("what", 40));
        }
    }

    @Test
    void aFinishedTaskOfAnUnfinishedRecordIsNotRunAgain() throws Exception {
        OperatorSubtaskState state;
        control.block();
        try (OperatorHarness operator = OperatorHarness.opened(model)) {
            operator.process(request("r1", embed("e"), ask("short", "a", 1), ask("long", "b", 9)));
            control.allowCalls(6);
            operator.runMailUntil(() -> operator.tokensOf("long") >= 4);
            state = operator.snapshot();
            control.unblock();
        }

        int admitted = control.timesAdmitted();
        try (OperatorHarness operator = OperatorHarness.restored(model, state)) {
            operator.endInput();

            assertThat(control.timesAdmitted() - admitted).isEqualTo(1);
            assertThat(operator.embeddings()).hasSize(1);
            assertThat(operator.answers()).hasSize(2);
        }
    }

    @Test
    void afterRescalingEachRequestInFlightComesBackOnce() throws Exception {
        OperatorSubtaskState state;
        control.block();
        try (OperatorHarness operator = OperatorHarness.opened(model)) {
            for (int index = 0; index < 5; index++) {
                operator.process(request("r" + index, ask("t", "q" + index, 3)));
            }
            state = operator.snapshot();
        }

        List<String> answered = new ArrayList<>();
        for (int subtask = 0; subtask < 2; subtask++) {
            OperatorSubtaskState share = OperatorHarness.shareOf(state, subtask, 2);
            try (OperatorHarness operator = OperatorHarness.restored(model, share)) {
                operator.endInput();
                assertThat(operator.answers()).isNotEmpty();
                operator.answers().forEach(answer -> answered.add(answer.getRequestId()));
            }
        }

        assertThat(answered).containsExactlyInAnyOrder("r0", "r1", "r2", "r3", "r4");
    }

    @Test
    void theGateShutsWhileTheOperatorIsFullAndASnapshotStillCompletes() throws Exception {
        control.block();
        OperatorOptions two = OperatorOptions.from(Map.of("max-in-flight-requests", "2"));
        try (OperatorHarness operator = OperatorHarness.opened(model, two)) {
            operator.process(request("r1", ask("t", "x", 3)));
            assertThat(RequestGate.ofThisTask().isOpen()).isTrue();
            operator.process(request("r2", ask("t", "x", 3)));

            assertThat(RequestGate.ofThisTask().isOpen()).isFalse();
            assertThat(RequestGate.ofThisTask().opening()).isNotDone();
            assertThat(operator.snapshot().getManagedOperatorState().hasState()).isTrue();

            control.unblock();
            operator.process(request("r3", ask("t", "x", 3)));
            operator.endInput();
            assertThat(operator.answers()).hasSize(3);
            assertThat(RequestGate.ofThisTask().isOpen()).isTrue();
        }
    }

    @Test
    void encodedBytesInFlightShutTheGateToo() throws Exception {
        control.block();
        OperatorOptions few = OperatorOptions.from(Map.of("max-in-flight-bytes", "10"));
        try (OperatorHarness operator = OperatorHarness.opened(model, few)) {
            operator.process(request("r1", ask("t", "x", 3)));

            assertThat(RequestGate.ofThisTask().isOpen()).isFalse();

            control.unblock();
            operator.endInput();
            assertThat(RequestGate.ofThisTask().isOpen()).isTrue();
        }
    }

    @Test
    void theSameRequestTwiceIsAnsweredTwice() throws Exception {
        try (OperatorHarness operator = OperatorHarness.opened(model)) {
            operator.process(request("same", ask("t", "x", 3)));
            operator.process(request("same", ask("t", "x", 3)));
            operator.endInput();

            assertThat(operator.answers()).hasSize(2);
        }
    }

    @Test
    void aFailureOfTheEngineFailsTheTaskWithItsCause() throws Exception {
        try (OperatorHarness operator = OperatorHarness.opened(model)) {
            operator.process(request("r1", ask("t", ScriptedModel.FATAL, 3)));

            assertThatThrownBy(operator::endInput).hasStackTraceContaining("the device is gone");
        }
    }

    @Test
    void closingInTheMiddleLeavesNothingBehind() throws Exception {
        control.block();
        OperatorHarness operator = OperatorHarness.opened(model);
        operator.process(request("r1", ask("t", "x", 100)));
        control.allowCalls(3);
        operator.runMailUntil(() -> operator.tokensOf("t") >= 2);

        control.unblock();
        operator.close();

        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name -> name.startsWith("sightmill-"));
    }
}
