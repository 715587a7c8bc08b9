package io.sightmill.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FreedPlacesTest {

    private final FreedPlaces freed = new FreedPlaces();

    private void step(int began, int left) {
        freed.begins(began);
        freed.found(left);
    }

    @Test
    void nothingIsExpectedWhereNothingWasSeen() {
        freed.found(0);

        assertThat(freed.oneIsLikely()).isFalse();
    }

    @Test
    void whereASequenceEndsInEveryStepTheNextOneFreesAPlaceToo() {
        for (int step = 0; step < 10; step++) {
            step(8, 7);
        }

        assertThat(freed.oneIsLikely()).isTrue();
    }

    @Test
    void whereOneEndsInEveryFifthStepNobodyWaitsForThat() {
        for (int step = 0; step < 100; step++) {
            step(8, step % 5 == 0 ? 7 : 8);
        }

        assertThat(freed.oneIsLikely()).isFalse();
    }

    @Test
    void itIsForgottenWhenLongAnswersFollow() {
        for (int step = 0; step < 20; step++) {
            step(8, 6);
        }
        for (int step = 0; step < 20; step++) {
            step(8, 8);
        }

        assertThat(freed.oneIsLikely()).isFalse();
    }
}
