package io.sightmill.llava;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightmill.engine.Device;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PrecisionComparisonTest {

    @Test
    void int8StaysWithinTwiceBfloat16sErrorInLessMemory() {
        List<Double> progress = new ArrayList<>();

        List<PrecisionMeasurement> measured =
                new PrecisionComparison(ReferenceFiles.path("tiny-llava"), 2_000, 1, Device.cpu())
                        .run(progress::add);

        assertThat(measured)
                .extracting(PrecisionMeasurement::precision)
                .containsExactly(Precision.FLOAT32, Precision.BFLOAT16, Precision.INT8);
        PrecisionMeasurement float32 = measured.get(0);
        PrecisionMeasurement bfloat16 = measured.get(1);
        PrecisionMeasurement int8 = measured.get(2);
        assertThat(float32.positions()).isGreaterThanOrEqualTo(2_000);
        assertThat(float32.mostLogitError()).isZero();
        assertThat(bfloat16.rmsLogitError()).isBetween(0.01, 0.2);
        assertThat(int8.rmsLogitError()).isBetween(0.01, 2 * bfloat16.rmsLogitError());
        assertThat(int8.mostLogitError()).isLessThan(2 * bfloat16.mostLogitError());
        assertThat(bfloat16.weightBytes()).isEqualTo(float32.weightBytes() / 2);
        assertThat(int8.weightBytes()).isLessThan(bfloat16.weightBytes());
        assertThat(progress).isSorted().endsWith(1.0);
    }

    @Test
    void equalLogitsAreNoDistanceApartAndOthersAre() {
        LogitDistance distance = new LogitDistance();

        distance.add(new float[] {0, (float) Math.log(3)}, new float[] {0, 0});

        assertThat(distance.most()).isEqualTo((float) Math.log(3));
        // 1/4 ln(1/2) + 3/4 ln(3/2), both against one half
        assertThat(distance.meanDivergence())
                .isCloseTo(0.1308, org.assertj.core.data.Offset.offset(1e-4));
        assertThat(distance.agreement()).isZero();
    }

    @Test
    void aNumberThatIsNoneIsNotTakenForNoDifference() {
        LogitDistance distance = new LogitDistance();

        distance.add(new float[] {1, 2}, new float[] {Float.NaN, 2});
        distance.add(new float[] {1, 2}, new float[] {1, 2});

        assertThat(distance.most()).isNaN();
    }
}
