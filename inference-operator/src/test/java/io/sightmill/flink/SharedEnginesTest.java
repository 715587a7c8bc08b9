package io.sightmill.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightmill.engine.Device;
import io.sightmill.engine.DialogueTurn;
import io.sightmill.engine.EngineOptions;
import io.sightmill.engine.GenerationOptions;
import io.sightmill.engine.Lane;
import io.sightmill.engine.Model;
import io.sightmill.engine.ModelLoadException;
import io.sightmill.engine.ModelProvider;
import io.sightmill.engine.RequestInput;
import io.sightmill.engine.SequenceRequest;
import io.sightmill.engine.TaskInput;
import io.sightmill.engine.TaskKind;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SharedEnginesTest {

    private final ScriptedModel.Provider model =
            new ScriptedModel.Provider(UUID.randomUUID().toString());
    private final ModelControl control = ModelControl.of(model);
    private final SharedEngines engines = new SharedEngines();

    @Test
    void usersOfTheSameModelAndDeviceShareOneEngine() {
        SharedEngines.Lease first = acquire(key(Device.cpu()));
        SharedEngines.Lease second = acquire(key(Device.cpu()));

        assertThat(second.engine()).isSameAs(first.engine());
        assertThat(control.timesOpened()).isEqualTo(1);

        first.close();
        first.close();
        assertThat(control.openModels()).isEqualTo(1);
        second.close();
        assertThat(control.openModels()).isZero();
        assertThat(engines.size()).isZero();
    }

    @Test
    void anotherDeviceHasAnotherEngine() {
        try (SharedEngines.Lease first = acquire(key(Device.cpu()));
                SharedEngines.Lease second = acquire(key(new Device(Device.Kind.GPU, 0)))) {
            assertThat(second.engine()).isNotSameAs(first.engine());
        }
    }

    @Test
    void aModelThatDoesNotLoadLeavesNothingBehind() {
        ModelProvider broken = new BrokenProvider();

        assertThatThrownBy(
                        () ->
                                acquire(
                                        new SharedEngines.Key(
                                                Device.cpu(),
                                                broken,
                                                EngineOptions.defaults(),
                                                Duration.ZERO)))
                .isInstanceOf(ModelLoadException.class);
        assertThat(engines.size()).isZero();
    }

    @Test
    void anEngineThatFailedIsNotGivenToTheNextUser() throws Exception {
        SharedEngines.Lease first = acquire(key(Device.cpu()));
        CompletableFuture<Throwable> told = new CompletableFuture<>();
        EngineThread.Subscription subscription = first.engine().subscribe(new Failure(told));
        control.failNextCall();
        subscription.submit(List.of(sequence(first.engine())));
        assertThat(told.get(20, TimeUnit.SECONDS)).isInstanceOf(LinkageError.class);

        SharedEngines.Lease second = acquire(key(Device.cpu()));

        assertThat(second.engine()).isNotSameAs(first.engine());
        first.close();
        assertThat(engines.size()).isEqualTo(1);
        second.close();
        assertThat(engines.size()).isZero();
        assertThat(control.openModels()).isZero();
    }

    @Test
    void aCallThatHangsFailsItsSequenceAndKeepsTheDeviceUntilItReturns() throws Exception {
        control.block();
        SharedEngines.Key key =
                new SharedEngines.Key(
                        Device.cpu(), model, EngineOptions.defaults(), Duration.ofMillis(200));
        SharedEngines.Lease lease = acquire(key);
        CompletableFuture<EngineEvent> told = new CompletableFuture<>();
        lease.engine().subscribe(new FirstEvent(told)).submit(List.of(sequence(lease.engine())));

        assertThat(told.get(20, TimeUnit.SECONDS))
                .isInstanceOfSatisfying(
                        EngineEvent.Failed.class,
                        failed ->
                                assertThat(failed.failure())
                                        .hasMessageContaining("not returned from 'run' in PT0.2S"));
        assertThat(lease.engine().hasFailed()).isFalse();
        acquire(key).close();

        lease.close();
        assertThat(control.openModels()).isEqualTo(1);
        assertThatThrownBy(() -> acquire(key)).hasMessageEndingWith("restart this process");

        control.unblock();
        Awaitility.await().until(() -> control.openModels() == 0);
        acquire(key).close();
        assertThat(engines.size()).isZero();
    }

    @Test
    void othersGoOnAfterACallThatHangs() throws Exception {
        control.block();
        SharedEngines.Key key =
                new SharedEngines.Key(
                        Device.cpu(), model, EngineOptions.defaults(), Duration.ofMillis(200));
        try (SharedEngines.Lease lease = acquire(key)) {
            CompletableFuture<EngineEvent> first = new CompletableFuture<>();
            lease.engine()
                    .subscribe(new FirstEvent(first))
                    .submit(List.of(sequence(lease.engine())));
            first.get(20, TimeUnit.SECONDS);
            control.unblock();
            CompletableFuture<EngineEvent> second = new CompletableFuture<>();
            lease.engine()
                    .subscribe(new FirstEvent(second))
                    .submit(List.of(sequence(lease.engine())));

            assertThat(second.get(20, TimeUnit.SECONDS)).isInstanceOf(EngineEvent.Token.class);
        }
        Awaitility.await().until(() -> control.openModels() == 0);
    }

    @Test
    void aLiveRequestThatComesDuringAStepBeginsInIt() throws Exception {
        control.block();
        try (SharedEngines.Lease lease = acquire(key(Device.cpu()))) {
            EngineThread engine = lease.engine();
            CompletableFuture<EngineEvent> bulk = new CompletableFuture<>();
            engine.subscribe(new FirstEvent(bulk))
                    .submit(
                            List.of(
                                    sequence(engine, "first", Lane.BULK),
                                    sequence(engine, "second", Lane.BULK)));
            Awaitility.await().until(() -> control.timesAdmitted() == 2);
            CompletableFuture<EngineEvent> live = new CompletableFuture<>();
            engine.subscribe(new FirstEvent(live))
                    .submit(List.of(sequence(engine, "live", Lane.LIVE)));

            control.allowCalls(2);

            assertThat(live.get(20, TimeUnit.SECONDS)).isInstanceOf(EngineEvent.Token.class);
            assertThat(bulk.get(20, TimeUnit.SECONDS).id().requestId()).isEqualTo("first");
            assertThat(engine.counters().steps()).as("steps that have ended").isZero();
            control.unblock();
        }
    }

    private SharedEngines.Lease acquire(SharedEngines.Key key) {
        return engines.acquire(key, Clock.systemUTC());
    }

    private SharedEngines.Key key(Device device) {
        return new SharedEngines.Key(device, model, EngineOptions.defaults(), Duration.ZERO);
    }

    private static SequenceRequest sequence(EngineThread engine) throws Exception {
        return sequence(engine, "r", Lane.LIVE);
    }

    private static SequenceRequest sequence(EngineThread engine, String requestId, Lane lane)
            throws Exception {
        TaskInput task =
                new TaskInput(
                        "t",
                        TaskKind.GENERATE,
                        List.of(new DialogueTurn(DialogueTurn.Role.USER, "q")),
                        List.of(),
                        GenerationOptions.greedy(3));
        return new SequenceRequest(
                requestId,
                lane,
                engine.preprocessor()
                        .preprocess(new RequestInput("r", List.of(), List.of(task)))
                        .tasks()
                        .get(0));
    }

    private record BrokenProvider() implements ModelProvider {

        private static final long serialVersionUID = 1L;

        @Override
        public Model open(Device device) {
            throw new ModelLoadException("no such directory");
        }
    }

    private record Failure(CompletableFuture<Throwable> told) implements EngineSubscriber {

        @Override
        public void onEvents(List<EngineEvent> events) {}

        @Override
        public void onEngineFailure(Throwable cause) {
            told.complete(cause);
        }
    }

    private record FirstEvent(CompletableFuture<EngineEvent> told) implements EngineSubscriber {

        @Override
        public void onEvents(List<EngineEvent> events) {
            told.complete(events.get(0));
        }

        @Override
        public void onEngineFailure(Throwable cause) {
            told.completeExceptionally(cause);
        }
    }
}
