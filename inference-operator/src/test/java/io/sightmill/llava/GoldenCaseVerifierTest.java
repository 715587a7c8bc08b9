package io.sightmill.llava;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightmill.engine.Device;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GoldenCaseVerifierTest {

    @ParameterizedTest
    @ValueSource(strings = {"case1", "case2", "case3", "case4", "e2e1", "e2e2"})
    void equalsTheReferenceInFloat32(String name) {
        try (GoldenCaseVerifier verifier =
                new GoldenCaseVerifier(
                        ReferenceFiles.path("tiny-llava"), Precision.FLOAT32, Device.cpu())) {

            GoldenResult result = verifier.verify(ReferenceFiles.path(name + ".safetensors"));

            assertThat(result.holds()).as(result.toString()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"case1", "case2", "case3", "case4", "e2e1", "e2e2"})
    void staysWithinBfloat16RoundingOfTheReference(String name) {
        try (GoldenCaseVerifier verifier =
                new GoldenCaseVerifier(
                        ReferenceFiles.path("tiny-llava"), Precision.BFLOAT16, Device.cpu())) {

            GoldenResult result = verifier.verify(ReferenceFiles.path(name + ".safetensors"));

            assertThat(result.holds()).as(result.toString()).isTrue();
        }
    }
}
