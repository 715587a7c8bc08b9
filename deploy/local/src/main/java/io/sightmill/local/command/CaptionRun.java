package io.sightmill.local.command;

import io.sightmill.ingest.archive.OutcomeReader;
import io.sightmill.ingest.archive.ReadImage;
import io.sightmill.ingest.archive.RequestFactory;
import io.sightmill.ingest.archive.RequestPublisher;
import io.sightmill.local.deployment.EmbeddedDeployment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;

/** Publishes the images of a run and waits for their outcomes. Used by one thread. */
final class CaptionRun {

    /** More would only fill the disk: the topics hold what is published and not answered. */
    private static final int MOST_PENDING = 1_000;

    private static final Duration POLL = Duration.ofMillis(100);

    private final EmbeddedDeployment deployment;
    private final OutcomeReader outcomes;
    private final RequestPublisher publisher;
    private final CaptionLedger ledger;
    private final ClaimedImages images;
    private final Interruption interruption;

    /** The first publication that failed, if one did. */
    private final CompletableFuture<Void> published = new CompletableFuture<>();

    CaptionRun(
            EmbeddedDeployment deployment,
            OutcomeReader outcomes,
            RequestPublisher publisher,
            CaptionLedger ledger,
            ClaimedImages images,
            Interruption interruption) {
        this.deployment = deployment;
        this.outcomes = outcomes;
        this.publisher = publisher;
        this.ledger = ledger;
        this.images = images;
        this.interruption = interruption;
    }

    /** Publishes those images that have no outcome yet; returns early if interrupted. */
    void publish(Stream<Path> files, RequestFactory requests) {
        Iterator<Path> each = files.iterator();
        while (each.hasNext() && !interruption.isRequested()) {
            Path image = each.next();
            ReadImage read = requests.read(image);
            if (ledger.isWanted(read.requestId(), image.toString())) {
                publisher
                        .publish(images.check(read))
                        .whenComplete((done, failure) -> completeIfFailed(failure));
            }
            outcomes.poll(Duration.ZERO);
            awaitAtMost(MOST_PENDING);
        }
        publisher.flush();
    }

    /** Returns when every image has its outcome, or early if interrupted. */
    void awaitOutcomes() {
        awaitAtMost(0);
    }

    private void awaitAtMost(int pending) {
        requireWorking();
        while (ledger.pending() > pending && !interruption.isRequested()) {
            outcomes.poll(POLL);
            requireWorking();
        }
    }

    private void completeIfFailed(Throwable failure) {
        if (failure != null) {
            published.completeExceptionally(failure);
        }
    }

    private void requireWorking() {
        deployment.failure().ifPresent(CaptionRun::fail);
        if (published.isCompletedExceptionally()) {
            try {
                published.join();
            } catch (CompletionException exception) {
                fail(exception.getCause());
            }
        }
    }

    private static void fail(Throwable cause) {
        throw new CommandFailedException(
                "stopped: " + cause.getMessage() + "; what is done is kept, run again to go on",
                cause);
    }
}
