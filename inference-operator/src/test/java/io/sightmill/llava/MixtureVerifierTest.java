package io.sightmill.llava;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightmill.engine.Device;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The short form of what {@code sightmill verify-engine} runs: the same code, fewer mixtures. Every
 * kind of disturbance must have come, else equality says nothing.
 */
class MixtureVerifierTest {

    @ParameterizedTest
    @CsvSource({
        "tiny-llava, FLOAT32",
        "tiny-llava, BFLOAT16",
        "tiny-llava, INT8",
        "next, FLOAT32",
        "next, BFLOAT16"
    })
    void aRequestGivesTheSameBitsInEveryMixture(String model, Precision precision) {
        MixtureVerifier verifier = new MixtureVerifier(ReferenceFiles.path(model), 16, 8, 1);

        MixtureReport report = verifier.verify(precision, Device.cpu(), share -> {});

        assertThat(report.differences()).isEmpty();
        assertThat(report.holds()).isTrue();
        MixtureEvents events = report.events();
        assertThat(events.mostRunning()).isGreaterThan(8);
        assertThat(events.latecomers()).isGreaterThan(4);
        assertThat(events.preemptions()).isPositive();
        assertThat(events.restores()).isGreaterThan(4);
        assertThat(events.replayedTokens()).isGreaterThan(50);
        assertThat(events.cachedTokens()).isGreaterThan(50);
        assertThat(events.imageHits()).isPositive();
        assertThat(events.imageMisses()).isPositive();
        assertThat(events.cancelled()).isPositive();
        assertThat(events.late()).isPositive();
        assertThat(events.failed()).isPositive();
    }
}
