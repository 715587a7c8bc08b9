package io.sightmill.engine;

import static io.sightmill.engine.TestRequests.generate;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WatchedRunnerTest {

    private static final Duration TIMEOUT = Duration.ofMillis(100);
    private static final BatchPlan PLAN = new BatchPlan(List.of(), List.of(), List.of());

    private final List<Scripted> runners = new ArrayList<>();
    private final CountDownLatch returns = new CountDownLatch(1);
    private WatchedRunner watched = new WatchedRunner(this::next, TIMEOUT);

    @AfterEach
    void letEverythingReturn() {
        returns.countDown();
        watched.close();
    }

    @Test
    void callsComeFromOneThreadAndTheirFailuresGoUp() {
        watched.begin(EngineOptions.defaults());
        Sequence sequence = new Sequence(generate("a", 3, 4));
        watched.admit(sequence);
        watched.run(PLAN);
        runners.get(0).failure = new IllegalStateException("boom");

        assertThatThrownBy(() -> watched.run(PLAN)).isSameAs(runners.get(0).failure);
        watched.release(sequence);

        assertThat(runners).hasSize(1);
        assertThat(runners.get(0).threads.stream().distinct())
                .hasSize(1)
                .doesNotContain(Thread.currentThread());
        assertThat(runners.get(0).calls).containsExactly("begin", "admit", "run", "run", "release");
    }

    @Test
    void aCallThatHangsIsLeftBehindAndAnotherRunnerTakesOver() throws Exception {
        watched.begin(EngineOptions.defaults());
        Sequence before = new Sequence(generate("a", 3, 4));
        watched.admit(before);
        runners.get(0).hangs = true;

        assertThatThrownBy(() -> watched.run(PLAN))
                .isInstanceOf(CallHungException.class)
                .hasMessage("the model has not returned from 'run' in PT0.1S");

        assertThat(watched.isHanging()).isTrue();
        Sequence after = new Sequence(generate("b", 3, 4));
        watched.admit(after);
        watched.run(PLAN);
        watched.release(before);
        watched.release(after);
        assertThat(runners.get(1).calls).containsExactly("begin", "admit", "run", "release");
        assertThat(runners.get(0).calls).containsExactly("begin", "admit", "run");

        returns.countDown();
        assertThat(runners.get(0).closed.await(30, TimeUnit.SECONDS)).isTrue();
        runners.get(0).threads.get(0).join();
        assertThat(watched.isHanging()).isFalse();
    }

    @Test
    void tooManyHangingCallsAreAFailureOfTheEngine() {
        watched.begin(EngineOptions.defaults());
        for (int hung = 1; hung < WatchedRunner.MOST_HANGING; hung++) {
            runners.get(hung - 1).hangs = true;
            assertThatThrownBy(() -> watched.run(PLAN)).isInstanceOf(CallHungException.class);
        }
        runners.get(WatchedRunner.MOST_HANGING - 1).hangs = true;

        assertThatThrownBy(() -> watched.run(PLAN))
                .isInstanceOf(EngineFailureException.class)
                .hasMessage("4 calls of the model hang; restart the process")
                .hasCauseInstanceOf(CallHungException.class);
    }

    @Test
    void whatImagesWereFoundIsCountedOnOverAHang() {
        watched.begin(EngineOptions.defaults());
        watched.run(PLAN);
        runners.get(0).hangs = true;
        assertThatThrownBy(() -> watched.run(PLAN)).isInstanceOf(CallHungException.class);

        watched.run(PLAN);

        assertThat(watched.images()).isEqualTo(new ImageCounters(4, 2, 7));
    }

    @Test
    void closingClosesTheRunnerOnItsThread() {
        watched.begin(EngineOptions.defaults());

        watched.close();

        assertThat(runners.get(0).closed.getCount()).isZero();
        assertThat(watched.isHanging()).isFalse();
        assertThat(runners.get(0).threads.stream().distinct()).hasSize(1);
    }

    @Test
    void aTimeoutOfNothingIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new WatchedRunner(this::next, Duration.ZERO))
                .withMessageContaining("timeout is PT0S");
    }

    private ModelRunner next() {
        Scripted runner = new Scripted();
        runners.add(runner);
        return runner;
    }

    private final class Scripted implements ModelRunner {

        private final List<String> calls = new ArrayList<>();
        private final List<Thread> threads = new ArrayList<>();
        private final CountDownLatch closed = new CountDownLatch(1);
        private volatile boolean hangs;
        private volatile RuntimeException failure;

        private void called(String name) {
            calls.add(name);
            threads.add(Thread.currentThread());
        }

        @Override
        public void begin(EngineOptions options) {
            called("begin");
        }

        @Override
        public void admit(Sequence sequence) {
            called("admit");
        }

        @Override
        public StepResult run(BatchPlan plan) {
            called("run");
            if (hangs) {
                awaitReturn();
            }
            if (failure != null) {
                throw failure;
            }
            return new StepResult(List.of(), Duration.ZERO, Duration.ZERO, Duration.ZERO);
        }

        private void awaitReturn() {
            try {
                returns.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void release(Sequence sequence) {
            called("release");
        }

        @Override
        public ImageCounters images() {
            return new ImageCounters(2, 1, 7);
        }

        @Override
        public void close() {
            threads.add(Thread.currentThread());
            closed.countDown();
        }
    }
}
