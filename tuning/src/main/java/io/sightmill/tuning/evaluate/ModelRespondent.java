package io.sightmill.tuning.evaluate;

import io.sightmill.engine.DialogueTurn;
import io.sightmill.engine.EngineListener;
import io.sightmill.engine.EngineOptions;
import io.sightmill.engine.GenerationEngine;
import io.sightmill.engine.GenerationOptions;
import io.sightmill.engine.ImageInput;
import io.sightmill.engine.Lane;
import io.sightmill.engine.Model;
import io.sightmill.engine.PreparedTask;
import io.sightmill.engine.RequestInput;
import io.sightmill.engine.RequestRejectedException;
import io.sightmill.engine.SequenceId;
import io.sightmill.engine.SequenceRequest;
import io.sightmill.engine.SequenceResult;
import io.sightmill.engine.TaskInput;
import io.sightmill.engine.TaskKind;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * A model on the engine that serves it: greedy answers, many at once. The questions about a picture
 * share its features and the prefix of their prompts, as the tasks of a record do. Used by one
 * thread.
 */
public final class ModelRespondent implements Respondent, EngineListener {

    private static final int SEQUENCES = 64;
    private static final int STEP_TOKENS = 2_048;
    private static final int CHUNK_TOKENS = 256;
    private static final int KV_TOKENS = 65_536;

    private final Model model;
    private final GenerationEngine engine;
    private final Map<String, Pending> pending = new HashMap<>();

    /** What is known so far of the replies about one picture. */
    private static final class Pending {

        private final String[] replies;
        private final Replies listener;
        private int missing;

        private Pending(int questions, Replies listener) {
            this.replies = new String[questions];
            this.listener = listener;
            this.missing = questions;
        }
    }

    /**
     * @param model stays the caller's
     */
    public ModelRespondent(Model model) {
        this.model = model;
        this.engine =
                new GenerationEngine(
                        model.runner(),
                        model.description(),
                        model.tokenDecoder(),
                        new EngineOptions(
                                SEQUENCES,
                                Math.max(KV_TOKENS, model.description().contextTokens()),
                                STEP_TOKENS,
                                CHUNK_TOKENS),
                        this,
                        System::nanoTime,
                        InstantSource.system());
    }

    @Override
    public void ask(Inquiry inquiry, Replies replies) {
        try {
            List<PreparedTask> tasks = model.preprocessor().preprocess(request(inquiry)).tasks();
            pending.put(inquiry.id(), new Pending(inquiry.asked().size(), replies));
            for (PreparedTask task : tasks) {
                engine.submit(new SequenceRequest(inquiry.id(), Lane.BULK, task));
            }
        } catch (RequestRejectedException e) {
            replies.failed(cannotBeAsked(inquiry.id(), e));
        }
        while (engine.counters().waitingBulk() > SEQUENCES) {
            engine.step();
        }
    }

    private static RequestInput request(Inquiry inquiry) {
        List<TaskInput> tasks = new ArrayList<>();
        for (int index = 0; index < inquiry.asked().size(); index++) {
            Inquiry.Asked asked = inquiry.asked().get(index);
            tasks.add(
                    new TaskInput(
                            String.valueOf(index),
                            TaskKind.GENERATE,
                            List.of(new DialogueTurn(DialogueTurn.Role.USER, asked.question())),
                            List.of(),
                            GenerationOptions.greedy(asked.maxNewTokens())));
        }
        List<ImageInput> images =
                inquiry.image().stream()
                        .map(content -> new ImageInput(content, sha256(content)))
                        .toList();
        return new RequestInput(inquiry.id(), images, tasks);
    }

    private static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java runtime has SHA-256", e);
        }
    }

    private static EvaluationFailedException cannotBeAsked(
            String id, RequestRejectedException cause) {
        return new EvaluationFailedException(
                "the model cannot be asked about %s: %s".formatted(id, cause.getMessage()), cause);
    }

    @Override
    public void finish() {
        while (engine.hasWork()) {
            engine.step();
        }
    }

    @Override
    public void onToken(SequenceId id, int tokenId) {
        // Whole replies count.
    }

    @Override
    public void onFinished(SequenceResult result) {
        String id = result.request().requestId();
        Pending picture = pending.get(id);
        if (picture == null) {
            return; // Another of its questions failed.
        }
        picture.replies[Integer.parseInt(result.request().task().taskId())] = result.text();
        picture.missing--;
        if (picture.missing == 0) {
            pending.remove(id);
            picture.listener.answered(Arrays.asList(picture.replies));
        }
    }

    @Override
    public void onFailed(SequenceRequest request, RequestRejectedException failure) {
        Pending picture = pending.remove(request.requestId());
        if (picture != null) {
            picture.listener.failed(cannotBeAsked(request.requestId(), failure));
        }
    }

    @Override
    public void close() {
        pending.clear();
        engine.close();
    }
}
