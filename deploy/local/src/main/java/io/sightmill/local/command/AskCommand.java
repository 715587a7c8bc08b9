package io.sightmill.local.command;

import io.sightmill.ingest.archive.OutcomeListener;
import io.sightmill.ingest.archive.OutcomeReader;
import io.sightmill.ingest.archive.OutcomeTopics;
import io.sightmill.ingest.archive.PublisherOptions;
import io.sightmill.ingest.archive.RequestPublisher;
import io.sightmill.local.deployment.EmbeddedDeployment;
import io.sightmill.schema.Answer;
import io.sightmill.schema.AnswerChunk;
import io.sightmill.schema.FinishReason;
import io.sightmill.schema.ImageSource;
import io.sightmill.schema.Lane;
import io.sightmill.schema.Message;
import io.sightmill.schema.Rejection;
import io.sightmill.schema.Task;
import io.sightmill.schema.TaskKind;
import io.sightmill.schema.VisionRequest;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Asks one question about one image, in the live lane. */
@Command(
        name = "ask",
        description = "Asks one question about one image and prints the answer.",
        mixinStandardHelpOptions = true)
public final class AskCommand implements Callable<Integer> {

    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration TIME_TO_CATCH_UP = Duration.ofMinutes(10);
    private static final String TASK_ID = "ask";
    private static final int DEFAULT_MAX_TOKENS = 256;

    @Mixin private DeploymentMixin deploymentOptions;

    @Mixin private GenerationMixin generationOptions;

    @Parameters(index = "0", paramLabel = "IMAGE", description = "An image file.")
    private Path image;

    @Parameters(index = "1", paramLabel = "QUESTION", description = "What to ask of it.")
    private String question;

    @Option(
            names = "--json",
            description = "Print the answer with all that belongs to it as one JSON object.")
    private boolean asJson;

    /** What came back for the one request. */
    private static final class Outcome implements OutcomeListener {

        private final String requestId;
        private final StreamedAnswer streamed;
        private Answer answer;
        private Rejection rejection;

        private Outcome(String requestId, StreamedAnswer streamed) {
            this.requestId = requestId;
            this.streamed = streamed;
        }

        @Override
        public void onAnswer(Answer given) {
            if (given.getRequestId().equals(requestId)) {
                answer = given;
            }
        }

        @Override
        public void onAnswerChunk(AnswerChunk chunk) {
            if (chunk.getRequestId().equals(requestId)) {
                streamed.onChunk(chunk);
            }
        }

        @Override
        public void onRejection(Rejection given) {
            if (requestId.equals(given.getRequestId())) {
                rejection = given;
            }
        }

        private boolean isKnown() {
            return answer != null || rejection != null;
        }
    }

    @Override
    public Integer call() {
        generationOptions.requireSane(true);
        byte[] content = read();
        PrintStream output = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        StreamedAnswer streamed = new StreamedAnswer(piece -> show(output, piece));
        Outcome outcome = new Outcome("ask-" + UUID.randomUUID(), streamed);
        try (Interruption interruption = Interruption.listen();
                EmbeddedDeployment deployment = deploymentOptions.start()) {
            // Made when everything runs: loading a model is not to eat up a deadline.
            ask(request(outcome.requestId, content), outcome, deployment, interruption);
        }
        if (outcome.answer != null) {
            if (asJson) {
                output.println(AnswerJson.of(image.toString(), outcome.answer));
            } else {
                streamed.end(outcome.answer.getText());
                output.println();
            }
            return status(outcome.answer);
        }
        if (streamed.hasBegun()) {
            output.println();
        }
        throw new CommandFailedException(
                outcome.rejection == null
                        ? "interrupted before the answer came"
                        : outcome.rejection.getReason() + ": " + outcome.rejection.getMessage());
    }

    private void show(PrintStream output, String piece) {
        if (!asJson) {
            output.print(piece);
            output.flush();
        }
    }

    private static int status(Answer answer) {
        boolean isLate = answer.getFinishReason() == FinishReason.LATE;
        if (isLate) {
            System.err.println("sightmill ask: LATE, this is what there was by the deadline");
        }
        return isLate ? 1 : 0;
    }

    private static void ask(
            VisionRequest request,
            Outcome outcome,
            EmbeddedDeployment deployment,
            Interruption interruption) {
        String servers = deployment.bootstrapServers();
        try (OutcomeReader outcomes = OutcomeReader.open(servers, OutcomeTopics.live(), outcome);
                RequestPublisher publisher = RequestPublisher.open(PublisherOptions.to(servers))) {
            publisher.publish(request).join();
            outcomes.catchUp(TIME_TO_CATCH_UP);
            while (!outcome.isKnown() && !interruption.isRequested()) {
                outcomes.poll(POLL);
                deployment
                        .failure()
                        .ifPresent(
                                cause -> {
                                    throw new CommandFailedException(cause.getMessage(), cause);
                                });
            }
        }
    }

    private byte[] read() {
        try {
            return Files.readAllBytes(image);
        } catch (IOException exception) {
            throw new CommandFailedException("cannot read " + image + ": " + exception, exception);
        }
    }

    private VisionRequest request(String requestId, byte[] content) {
        List<String> labels = generationOptions.labels();
        Task task =
                Task.newBuilder()
                        .setTaskId(TASK_ID)
                        .setKind(labels.isEmpty() ? TaskKind.ANSWER : TaskKind.CLASSIFY)
                        .setMessages(List.of(new Message("user", question)))
                        .setLabels(labels)
                        .setGeneration(generationOptions.generation(DEFAULT_MAX_TOKENS))
                        .setStream(!asJson)
                        .build();
        Duration deadline = generationOptions.deadline();
        Instant now = Instant.now();
        return VisionRequest.newBuilder()
                .setRequestId(requestId)
                .setImages(
                        List.of(
                                ImageSource.newBuilder()
                                        .setContent(ByteBuffer.wrap(content))
                                        .build()))
                .setTasks(List.of(task))
                .setLane(Lane.LIVE)
                .setCreatedAt(now)
                .setDeadline(deadline == null ? null : now.plus(deadline))
                .build();
    }
}
