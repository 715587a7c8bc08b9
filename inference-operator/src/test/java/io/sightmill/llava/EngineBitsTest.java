package io.sightmill.llava;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightmill.engine.Device;
import io.sightmill.engine.EngineCounters;
import io.sightmill.engine.EngineListener;
import io.sightmill.engine.EngineOptions;
import io.sightmill.engine.GenerationEngine;
import io.sightmill.engine.GenerationOptions;
import io.sightmill.engine.Lane;
import io.sightmill.engine.PreparedTask;
import io.sightmill.engine.Prompt;
import io.sightmill.engine.RequestRejectedException;
import io.sightmill.engine.SequenceId;
import io.sightmill.engine.SequenceRequest;
import io.sightmill.engine.SequenceResult;
import io.sightmill.engine.TaskKind;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The engine on a real model: what a sequence gives has the same bits alone, beside others, with a
 * prefix or an image found, and after giving way.
 */
class EngineBitsTest {

    private static final EngineOptions ROOMY = new EngineOptions(16, 10_000, 64, 8);

    private LlavaModel model;

    @AfterEach
    void close() {
        model.close();
    }

    @ParameterizedTest
    @EnumSource(names = {"FLOAT32", "BFLOAT16"})
    void theTasksOfARecordGiveTogetherWhatEachGivesAlone(Precision precision) {
        open(precision);
        List<SequenceRequest> tasks = tasks("r", Lane.LIVE);
        Recorder together = new Recorder(ROOMY);

        together.run(tasks);

        assertThat(together.counters.cachedTokens()).isPositive();
        tasks.forEach(task -> requireAsAlone(task, together));
    }

    @ParameterizedTest
    @EnumSource(names = {"FLOAT32", "BFLOAT16"})
    void bulkThatGaveWayGivesWhatItGivesAlone(Precision precision) {
        open(precision);
        List<SequenceRequest> bulk = tasks("bulk", Lane.BULK);
        List<SequenceRequest> live = tasks("live", Lane.LIVE);
        Recorder crowded = new Recorder(new EngineOptions(5, 10_000, 64, 8));

        crowded.begin(bulk, 7);
        crowded.run(live);

        assertThat(crowded.counters.preemptions()).isPositive();
        bulk.forEach(task -> requireAsAlone(task, crowded));
        live.forEach(task -> requireAsAlone(task, crowded));
    }

    private void open(Precision precision) {
        model = LlavaModel.open(ReferenceFiles.path("tiny-llava"), precision, Device.cpu());
    }

    private void requireAsAlone(SequenceRequest task, Recorder others) {
        Recorder alone = new Recorder(ROOMY);
        alone.run(List.of(task));
        SequenceResult expected = alone.results.get(task.id());
        SequenceResult result = others.results.get(task.id());
        assertThat(result.tokenIds()).isEqualTo(expected.tokenIds());
        assertThat(result.labelProbabilities()).isEqualTo(expected.labelProbabilities());
        assertThat(result.logProbabilities())
                .usingRecursiveComparison()
                .isEqualTo(expected.logProbabilities());
        assertThat(result.logProbabilities()).hasSameSizeAs(result.tokenIds());
    }

    /** Greedy, sampled and scored questions about one image, which differ after it. */
    private static List<SequenceRequest> tasks(String requestId, Lane lane) {
        List<SequenceRequest> tasks = new ArrayList<>();
        LlavaConfig config = LlavaConfig.read(ReferenceFiles.path("tiny-llava"));
        Prompt prompt = GoldenCase.read(ReferenceFiles.path("case1.safetensors"), config).prompt();
        for (int task = 0; task < 6; task++) {
            int[] tokens = Arrays.copyOf(prompt.tokenIds(), prompt.length() + 3 * task);
            Arrays.fill(tokens, prompt.length(), tokens.length, 100 + task);
            boolean scores = task % 3 == 2;
            tasks.add(
                    new SequenceRequest(
                            requestId,
                            lane,
                            new PreparedTask(
                                    "t" + task,
                                    scores ? TaskKind.SCORE : TaskKind.GENERATE,
                                    new Prompt(tokens, prompt.images()),
                                    scores
                                            ? List.of(new int[] {5, 6, 7}, new int[] {5, 9})
                                            : List.of(),
                                    new GenerationOptions(
                                            20,
                                            5,
                                            task % 3,
                                            0.95,
                                            50,
                                            task,
                                            List.of(),
                                            Map.of(7, 1.5),
                                            1.1,
                                            2))));
        }
        return tasks;
    }

    /** An engine on the model, and what it gave. */
    private final class Recorder implements EngineListener {

        private final Map<SequenceId, SequenceResult> results = new HashMap<>();
        private final GenerationEngine engine;
        private EngineCounters counters;

        Recorder(EngineOptions options) {
            engine =
                    new GenerationEngine(
                            model.runner(),
                            model.description(),
                            model.tokenDecoder(),
                            options,
                            this,
                            System::nanoTime,
                            InstantSource.system());
        }

        void begin(List<SequenceRequest> requests, int steps) {
            requests.forEach(engine::submit);
            for (int step = 0; step < steps; step++) {
                engine.step();
            }
        }

        void run(List<SequenceRequest> requests) {
            begin(requests, 0);
            while (engine.step()) {
                assertThat(engine.counters().steps()).isLessThan(1_000);
            }
            counters = engine.counters();
        }

        @Override
        public void onToken(SequenceId id, int tokenId) {}

        @Override
        public void onFinished(SequenceResult result) {
            results.put(result.request().id(), result);
        }

        @Override
        public void onFailed(SequenceRequest request, RequestRejectedException failure) {
            throw new AssertionError(request.id() + " failed", failure);
        }
    }
}
