package io.sightmill.local.command;

import io.sightmill.engine.ModelDescription;
import io.sightmill.ingest.archive.CaptionOptions;
import io.sightmill.ingest.archive.ImageFolder;
import io.sightmill.ingest.archive.OutcomeReader;
import io.sightmill.ingest.archive.OutcomeTopics;
import io.sightmill.ingest.archive.PublisherOptions;
import io.sightmill.ingest.archive.RequestFactory;
import io.sightmill.ingest.archive.RequestPublisher;
import io.sightmill.local.deployment.EmbeddedDeployment;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Captions files and folders of images; run again, it does only what is not answered yet. */
@Command(
        name = "caption",
        description = {
            "Captions image files and folders of them: one JSON object an image. Run again on the",
            "same images and data directory, it does only what is not answered yet."
        },
        mixinStandardHelpOptions = true)
public final class CaptionCommand implements Callable<Integer> {

    private static final Duration TIME_TO_CATCH_UP = Duration.ofMinutes(10);
    private static final int DEFAULT_MAX_TOKENS = 64;

    @Spec private CommandSpec spec;

    @Mixin private DeploymentMixin deploymentOptions;

    @Mixin private GenerationMixin generationOptions;

    @Parameters(paramLabel = "PATH", arity = "1..*", description = "Image files and folders.")
    private List<Path> paths;

    @Option(
            names = "--instruction",
            paramLabel = "TEXT",
            description = "What to ask of every image; default: Describe the image.")
    private String instruction;

    @Option(
            names = "--max-image-bytes",
            paramLabel = "N",
            description = "A larger file is rejected; default ${DEFAULT-VALUE}.",
            defaultValue = "33554432")
    private int maxImageBytes;

    @Option(
            names = "--out",
            paramLabel = "FILE.jsonl",
            description = "Where the JSON lines go; default standard output.")
    private Path out;

    @Option(
            names = "--fail-on-rejection",
            description = "End 1 if any image was rejected; default is 0 once each has an outcome.")
    private boolean failOnRejection;

    @Override
    public Integer call() {
        requireSane();
        ImageFolder folder = ImageFolder.of(paths);
        long images = count(folder);
        if (images == 0) {
            throw new CommandFailedException("there is no image in " + paths);
        }
        // Last opened, first closed: an interruption ends when everything else has.
        try (Interruption interruption = Interruption.listen();
                EmbeddedDeployment deployment = deploymentOptions.start();
                CaptionOutput output = openOutput()) {
            CaptionLedger ledger = caption(folder, images, deployment, output, interruption);
            System.err.println(ledger.summary(images));
            return exitCode(ledger, images);
        }
    }

    private CaptionLedger caption(
            ImageFolder folder,
            long images,
            EmbeddedDeployment deployment,
            CaptionOutput output,
            Interruption interruption) {
        boolean isTerminal = System.console() != null;
        try (CaptionProgress progress = new CaptionProgress(images, System.err, isTerminal)) {
            CaptionLedger ledger = new CaptionLedger(output, progress);
            caption(folder, deployment, ledger, interruption);
            return ledger;
        }
    }

    private void caption(
            ImageFolder folder,
            EmbeddedDeployment deployment,
            CaptionLedger ledger,
            Interruption interruption) {
        String servers = deployment.bootstrapServers();
        ClaimedImages claimed = new ClaimedImages(deployment.images(), ledger);
        try (OutcomeReader outcomes = OutcomeReader.open(servers, OutcomeTopics.bulk(), claimed);
                RequestPublisher publisher = RequestPublisher.open(PublisherOptions.to(servers))) {
            outcomes.catchUp(TIME_TO_CATCH_UP);
            RequestFactory requests =
                    new RequestFactory(options(deployment.model()), InstantSource.system());
            CaptionRun run =
                    new CaptionRun(deployment, outcomes, publisher, ledger, claimed, interruption);
            try (Stream<Path> images = folder.images()) {
                run.publish(images, requests);
            }
            writeEarlier(servers, ledger);
            run.awaitOutcomes();
        }
    }

    /** Outcomes of earlier runs, so that the output is whole whichever run gave them. */
    private static void writeEarlier(String servers, CaptionLedger ledger) {
        if (ledger.hasEarlier()) {
            try (OutcomeReader again =
                    OutcomeReader.open(servers, OutcomeTopics.bulk(), ledger.earlierOutcomes())) {
                again.catchUp(TIME_TO_CATCH_UP);
            }
        }
    }

    private CaptionOptions options(ModelDescription model) {
        return CaptionOptions.of(model.name(), model.weightsSha256())
                .withQuestion(instruction, generationOptions.labels())
                .withGeneration(generationOptions.generation(DEFAULT_MAX_TOKENS))
                .withTimeToDeadline(generationOptions.deadline())
                .withMaxImageBytes(maxImageBytes);
    }

    private int exitCode(CaptionLedger ledger, long images) {
        boolean isDone = ledger.answered() + ledger.rejected() >= images;
        return isDone && !(failOnRejection && ledger.rejected() > 0) ? 0 : 1;
    }

    private CaptionOutput openOutput() {
        return out == null
                ? CaptionOutput.to(new PrintStream(System.out, true, StandardCharsets.UTF_8))
                : CaptionOutput.toFile(out);
    }

    private static long count(ImageFolder folder) {
        try (Stream<Path> images = folder.images()) {
            return images.distinct().count();
        }
    }

    private void requireSane() {
        generationOptions.requireSane(instruction != null);
        if (maxImageBytes < 1) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--max-image-bytes is " + maxImageBytes + " and must be at least 1");
        }
    }
}
