package io.sightmill.tuning.scenes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SceneSeedTest {

    @Test
    void neverTrainsWithASceneOfAnEvaluation() {
        long[] seeds = {0, 1, -1, 42, Long.MIN_VALUE, Long.MAX_VALUE};
        for (long seed : seeds) {
            for (long index = 0; index < 2_000; index++) {
                assertThat(SceneSeed.training(seed, index).isForEvaluation()).isFalse();
                assertThat(SceneSeed.evaluation(seed, index).isForEvaluation()).isTrue();
            }
        }
    }

    @Test
    void givesEverySeedAndIndexAnother() {
        Set<SceneSeed> seen = new HashSet<>();
        for (long seed = 0; seed < 100; seed++) {
            for (long index = 0; index < 1_000; index++) {
                seen.add(SceneSeed.training(seed, index));
            }
        }
        assertThat(seen).hasSize(100_000);
    }
}
