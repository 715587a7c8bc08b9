package io.sightmill.local.bench;

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
import io.sightmill.schema.Task;
import io.sightmill.schema.VisionRequest;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleConsumer;

/**
 * The engine with nothing around it: no broker, no stream job, requests prepared beforehand. What a
 * pipeline is measured against. One thread.
 */
final class BareEngine {

    private final Model model;
    private final EngineOptions options;
    private Duration preprocess = Duration.ZERO;
    private Duration generate = Duration.ZERO;

    BareEngine(Model model, EngineOptions options) {
        this.model = model;
        this.options = options;
    }

    /** Answers the requests, all of which are there at the beginning. */
    void answer(List<VisionRequest> requests, DoubleConsumer progress) {
        long begin = System.nanoTime();
        List<SequenceRequest> prepared = requests.stream().map(this::prepare).toList();
        preprocess = Duration.ofNanos(System.nanoTime() - begin);
        Finished finished = new Finished(requests.size(), progress);
        try (GenerationEngine engine =
                new GenerationEngine(
                        model.runner(),
                        model.description(),
                        model.tokenDecoder(),
                        options,
                        finished,
                        System::nanoTime,
                        InstantSource.system())) {
            begin = System.nanoTime();
            prepared.forEach(engine::submit);
            while (engine.hasWork()) {
                engine.step();
            }
            generate = Duration.ofNanos(System.nanoTime() - begin);
        }
    }

    /** How long the last requests took to prepare, one after the other. */
    Duration preprocess() {
        return preprocess;
    }

    /** How long the last answers took, from prepared requests. */
    Duration generate() {
        return generate;
    }

    private SequenceRequest prepare(VisionRequest request) {
        byte[] content = bytes(request.getImages().get(0).getContent());
        RequestInput input =
                new RequestInput(
                        request.getRequestId(),
                        List.of(new ImageInput(content, sha256(content))),
                        List.of(input(request.getTasks().get(0))));
        try {
            PreparedTask task = model.preprocessor().preprocess(input).tasks().get(0);
            return new SequenceRequest(request.getRequestId(), Lane.BULK, task);
        } catch (RequestRejectedException exception) {
            throw new IllegalStateException(
                    "the model does not take the requests to measure with: "
                            + exception.getMessage(),
                    exception);
        }
    }

    private static TaskInput input(Task task) {
        int tokens = task.getGeneration().getMaxNewTokens();
        return new TaskInput(
                task.getTaskId(),
                TaskKind.GENERATE,
                List.of(
                        new DialogueTurn(
                                DialogueTurn.Role.USER, task.getMessages().get(0).getText())),
                List.of(),
                new GenerationOptions(tokens, tokens, 0, 1, 0, 0, List.of(), Map.of(), 1, -1));
    }

    private static byte[] bytes(ByteBuffer content) {
        byte[] bytes = new byte[content.remaining()];
        content.duplicate().get(bytes);
        return bytes;
    }

    private static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException exception) {
            throw new IllegalStateException("every Java platform has SHA-256", exception);
        }
    }

    /** Counts what ends; a failure ends the measurement. */
    private static final class Finished implements EngineListener {

        private final int expected;
        private final DoubleConsumer progress;
        private final List<SequenceId> finished = new ArrayList<>();

        private Finished(int expected, DoubleConsumer progress) {
            this.expected = expected;
            this.progress = progress;
        }

        @Override
        public void onToken(SequenceId id, int tokenId) {
            // Only whole answers count.
        }

        @Override
        public void onFinished(SequenceResult result) {
            finished.add(result.request().id());
            progress.accept((double) finished.size() / expected);
        }

        @Override
        public void onFailed(SequenceRequest request, RequestRejectedException failure) {
            throw new IllegalStateException(
                    "the engine fails on " + request.id() + ": " + failure.getMessage(), failure);
        }
    }
}
