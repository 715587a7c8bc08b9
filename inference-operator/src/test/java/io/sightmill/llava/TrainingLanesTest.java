package io.sightmill.llava;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.engine.Engine;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class TrainingLanesTest {

    private static final TrainingSetup TWO_LANES =
            new TrainingSetup(Set.of(TrainablePart.PROJECTOR), false, Optional.empty(), 1, 2);

    private final Scripted model = new Scripted();

    @BeforeAll
    static void loadTheLibrary() {
        Engine.getEngine("PyTorch");
    }

    @Test
    void partsGoToTheLanesInTurnAndLossesAddUp() throws Exception {
        model.mayEnd.countDown();
        try (TrainingLanes<Part> lanes = new TrainingLanes<>(model, TWO_LANES)) {
            List<List<Part>> parts =
                    List.of(List.of(new Part(1)), List.of(new Part(2)), List.of(new Part(4)));

            assertThat(lanes.accumulate(parts, 1, part -> part)).isEqualTo(7);
        }
        assertThat(model.laneOf).containsOnly(Map.entry(1, 0), Map.entry(2, 1), Map.entry(4, 0));
    }

    @Test
    void whoIsInterruptedStillWaitsForThePartThatRunsBeforeTheModelGoes() throws Exception {
        TrainingLanes<Part> lanes = new TrainingLanes<>(model, TWO_LANES);
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> lanes.accumulate(List.of(List.of(new Part(1))), 1, part -> part))
                .isInstanceOf(InterruptedException.class);
        model.hasBegun.await();
        Thread closing = new Thread(lanes::close);
        closing.start();

        closing.join(100);
        assertThat(closing.isAlive()).isTrue();

        model.mayEnd.countDown();
        closing.join();
        assertThat(model.laneOf).containsKey(1);
    }

    private record Part(int length) implements LearnedSample {
        @Override
        public int learned() {
            return length;
        }
    }

    /** Its loss is a part's length; it runs until it may end. */
    private static final class Scripted implements Trainable<Part> {

        private final CountDownLatch hasBegun = new CountDownLatch(1);
        private final CountDownLatch mayEnd = new CountDownLatch(1);
        private final Map<Integer, Integer> laneOf = new ConcurrentHashMap<>();

        @Override
        public float accumulate(int lane, List<Part> samples, double scale, long seed) {
            hasBegun.countDown();
            boolean waits = true;
            while (waits) {
                try {
                    mayEnd.await();
                    waits = false;
                } catch (InterruptedException e) {
                    // as a native call would not
                }
            }
            laneOf.put(samples.get(0).length(), lane);
            return samples.get(0).length();
        }

        @Override
        public double operations(List<Part> samples) {
            return 0;
        }

        @Override
        public float update(long step, Map<TrainablePart, Double> rates, AdamWOptions options) {
            return 0;
        }

        @Override
        public long trainedParameters() {
            return 0;
        }

        @Override
        public String identity() {
            return "scripted";
        }

        @Override
        public void save(Path file) {
            // has nothing to save
        }

        @Override
        public void restore(Path file) {
            // has nothing to restore
        }

        @Override
        public void close() {
            // holds nothing
        }
    }
}
