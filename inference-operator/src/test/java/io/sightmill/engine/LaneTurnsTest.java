package io.sightmill.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LaneTurnsTest {

    @ParameterizedTest
    @ValueSource(doubles = {0.01, 0.1, 1.0 / 9, 0.25, 0.3, 0.5, 0.75, 0.99})
    void bulkGetsItsShareOfTheTurnsForWhichBothWait(double share) {
        LaneTurns turns = new LaneTurns(share);
        int bulk = 0;

        for (int turn = 0; turn < 1_000; turn++) {
            Lane lane = turns.next(true, true);
            turns.took(lane, true);
            bulk += lane == Lane.BULK ? 1 : 0;
            assertThat((double) bulk)
                    .isBetween(share * (turn + 1) - 1.001, share * (turn + 1) + 0.001);
        }
    }

    @Test
    void aLaneThatWaitsAloneGoesAndNothingIsOwed() {
        LaneTurns turns = new LaneTurns(0.5);

        for (int turn = 0; turn < 9; turn++) {
            assertThat(turns.next(true, false)).isEqualTo(Lane.LIVE);
            turns.took(Lane.LIVE, false);
            assertThat(turns.next(false, true)).isEqualTo(Lane.BULK);
            turns.took(Lane.BULK, false);
        }

        assertThat(turns.next(true, true)).isEqualTo(Lane.LIVE);
    }

    @Test
    void whatBulkIsOwedIsNotLostWhenItGoesAlone() {
        LaneTurns turns = new LaneTurns(0.5);
        turns.took(Lane.LIVE, true);

        turns.took(Lane.BULK, false);

        assertThat(turns.next(true, true)).isEqualTo(Lane.BULK);
    }
}
