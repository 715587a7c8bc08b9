package io.sightmill.local.command;

import io.sightmill.ingest.archive.OutcomeListener;
import io.sightmill.ingest.archive.OutcomeReader;
import io.sightmill.ingest.archive.OutcomeTopics;
import io.sightmill.ingest.archive.PublisherOptions;
import io.sightmill.ingest.archive.RequestPublisher;
import io.sightmill.local.deployment.EmbeddedDeployment;
import io.sightmill.schema.Answer;
import io.sightmill.schema.Generation;
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

    @Mixin private DeploymentMixin deploymentOptions;

    @Parameters(index = "0", paramLabel = "IMAGE", description = "An image file.")
    private Path image;

    @Parameters(index = "1", paramLabel = "QUESTION", description = "What to ask of it.")
    private String question;

    @Option(
            names = "--max-new-tokens",
            paramLabel = "N",
            description = "Longest answer in tokens; default ${DEFAULT-VALUE}.",
            defaultValue = "256")
    private int maxNewTokens;

    /** What came back for the one request. */
    private static final class Outcome implements OutcomeListener {

        private final String requestId;
        private Answer answer;
        private Rejection rejection;

        private Outcome(String requestId) {
            this.requestId = requestId;
        }

        @Override
        public void onAnswer(Answer given) {
            if (given.getRequestId().equals(requestId)) {
                answer = given;
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
        VisionRequest request = request(read());
        Outcome outcome = new Outcome(request.getRequestId());
        try (Interruption interruption = Interruption.listen();
                EmbeddedDeployment deployment = deploymentOptions.start()) {
            ask(request, outcome, deployment, interruption);
        }
        if (outcome.answer != null) {
            new PrintStream(System.out, true, StandardCharsets.UTF_8)
                    .println(outcome.answer.getText());
            return 0;
        }
        throw new CommandFailedException(
                outcome.rejection == null
                        ? "interrupted before the answer came"
                        : outcome.rejection.getReason() + ": " + outcome.rejection.getMessage());
    }

    private static void ask(
            VisionRequest request,
            Outcome outcome,
            EmbeddedDeployment deployment,
            Interruption interruption) {
        String servers = deployment.bootstrapServers();
        try (OutcomeReader outcomes =
                        OutcomeReader.open(servers, OutcomeTopics.defaults(), outcome);
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

    private VisionRequest request(byte[] content) {
        Task task =
                Task.newBuilder()
                        .setTaskId(TASK_ID)
                        .setKind(TaskKind.ANSWER)
                        .setMessages(List.of(new Message("user", question)))
                        .setGeneration(
                                Generation.newBuilder().setMaxNewTokens(maxNewTokens).build())
                        .build();
        return VisionRequest.newBuilder()
                .setRequestId("ask-" + UUID.randomUUID())
                .setImages(
                        List.of(
                                ImageSource.newBuilder()
                                        .setContent(ByteBuffer.wrap(content))
                                        .build()))
                .setTasks(List.of(task))
                .setLane(Lane.LIVE)
                .setCreatedAt(Instant.now())
                .build();
    }
}
