package io.sightmill.engine;

import static io.sightmill.engine.TestRequests.generate;
import static org.assertj.core.api.Assertions.assertThat;

import io.sightmill.engine.LiveRoom.Use;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LiveRoomTest {

    private static final long WINDOW = LiveRoom.REMEMBERED.toNanos();

    private final LiveRoom room = new LiveRoom(new EngineOptions(16, 1_000, 64, 16));

    @Test
    void nothingIsLeftFreeForALaneThatNobodyUses() {
        room.holds(Use.NOTHING, 5);

        assertThat(room.sequences()).isZero();
        assertThat(room.kvTokens()).isZero();
    }

    @Test
    void whatLiveHadAtOnceIsLeftFreeWhenSomeOfItHasLeft() {
        room.holds(new Use(5, 100), 0);
        room.holds(new Use(3, 120), 1);
        room.holds(new Use(1, 20), 2);

        assertThat(room.sequences()).isEqualTo(4);
        assertThat(room.kvTokens()).isEqualTo(100);
    }

    @Test
    void noMoreThanHalfIsLeftFree() {
        room.holds(new Use(16, 1_000), 0);
        room.holds(Use.NOTHING, 1);

        assertThat(room.sequences()).isEqualTo(8);
        assertThat(room.kvTokens()).isEqualTo(500);
    }

    @Test
    void itIsRememberedForAWindowAndForgottenAfterTwo() {
        room.holds(new Use(5, 100), 0);
        room.holds(Use.NOTHING, WINDOW);
        assertThat(room.sequences()).isEqualTo(5);

        room.holds(Use.NOTHING, 2 * WINDOW);

        assertThat(room.sequences()).isZero();
    }

    @Test
    void aLongSilenceIsForgottenAtOnce() {
        room.holds(new Use(5, 100), 0);

        room.holds(Use.NOTHING, 3 * WINDOW);

        assertThat(room.sequences()).isZero();
    }

    @Test
    void liveRequestsThatKeepComingDriveBulkOutOnce() {
        EngineFixture fixture = new EngineFixture(new EngineOptions(4, 1_000, 64, 16));
        fixture.submit(
                IntStream.range(0, 90)
                        .mapToObj(count -> generate("b" + count, Lane.BULK, 3, 9))
                        .toArray(SequenceRequest[]::new));
        fixture.steps(3);

        for (int live = 0; live < 30; live++) {
            fixture.submit(generate("live" + live, 3, 2)).steps(4);
        }

        assertThat(fixture.engine.counters().preemptions()).isEqualTo(1);
        assertThat(fixture.engine.counters().runningBulk()).isEqualTo(3);
    }

    @Test
    void aBulkSequenceLargerThanWhatLiveLeavesRunsAllTheSame() {
        EngineFixture fixture = new EngineFixture(new EngineOptions(4, 100, 64, 16));
        fixture.submit(generate("live", 3, 60)).steps(2);

        fixture.submit(generate("large", Lane.BULK, 3, 90), generate("b", Lane.BULK, 3, 3));

        fixture.runOut();
        assertThat(fixture.listener.result("large").tokenIds()).hasSize(90);
    }
}
