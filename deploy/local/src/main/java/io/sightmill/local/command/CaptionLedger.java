package io.sightmill.local.command;

import io.sightmill.ingest.archive.OutcomeListener;
import io.sightmill.schema.Answer;
import io.sightmill.schema.Rejection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Which images of a run wait for an outcome and which have one. Each gets one line of output,
 * however often its outcome is read. Holds ids and paths, never images or answers. Used by one
 * thread.
 */
final class CaptionLedger implements OutcomeListener {

    private final CaptionOutput output;
    private final CaptionProgress progress;

    /** Ids with an outcome that is not one of this run: of earlier runs, or of other images. */
    private final Set<String> settled = new HashSet<>();

    /** Ids of this run's images: a file may be named twice, by itself and in its folder. */
    private final Set<String> seen = new HashSet<>();

    private final Map<String, String> pending = new HashMap<>();
    private final Map<String, String> earlier = new HashMap<>();
    private long answered;
    private long rejected;
    private long answeredEarlier;

    CaptionLedger(CaptionOutput output, CaptionProgress progress) {
        this.output = output;
        this.progress = progress;
    }

    /**
     * Notes that an image is part of this run.
     *
     * @return whether it has no outcome yet and is to be published
     */
    boolean isWanted(String requestId, String path) {
        if (!seen.add(requestId)) {
            return false;
        }
        boolean isEarlier = settled.contains(requestId);
        (isEarlier ? earlier : pending).put(requestId, path);
        return !isEarlier;
    }

    int pending() {
        return pending.size();
    }

    boolean hasEarlier() {
        return !earlier.isEmpty();
    }

    /** Reads the outcomes of earlier runs once more, to write those of this run's images. */
    OutcomeListener earlierOutcomes() {
        return new OutcomeListener() {
            @Override
            public void onAnswer(Answer answer) {
                String path = earlier.remove(answer.getRequestId());
                if (path != null) {
                    answeredEarlier++;
                    write(path, answer);
                }
            }

            @Override
            public void onRejection(Rejection rejection) {
                String path = earlier.remove(rejection.getRequestId());
                if (path != null) {
                    write(path, rejection);
                }
            }
        };
    }

    @Override
    public void onAnswer(Answer answer) {
        String path = pending.remove(answer.getRequestId());
        settled.add(answer.getRequestId());
        if (path != null) {
            write(path, answer);
        }
    }

    @Override
    public void onRejection(Rejection rejection) {
        if (rejection.getRequestId() == null) {
            return;
        }
        String path = pending.remove(rejection.getRequestId());
        settled.add(rejection.getRequestId());
        if (path != null) {
            write(path, rejection);
        }
    }

    private void write(String path, Answer answer) {
        answered++;
        output.answered(path, answer);
        progress.answered();
    }

    private void write(String path, Rejection rejection) {
        rejected++;
        output.rejected(path, rejection);
        progress.rejected();
    }

    long answered() {
        return answered;
    }

    long rejected() {
        return rejected;
    }

    /** One line for a person. */
    String summary(long images) {
        String before =
                answeredEarlier == 0 ? "" : " (" + answeredEarlier + " of them by an earlier run)";
        long missing = images - answered - rejected;
        String left = missing <= 0 ? "" : ", " + missing + " left for the next run";
        return "sightmill: %d images, %d answered%s, %d rejected%s"
                .formatted(images, answered, before, rejected, left);
    }
}
