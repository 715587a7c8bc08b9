package io.sightmill.llava;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The short form of {@code sightmill bench soak}. */
class SoakMeasurementTest {

    private static final int REQUESTS = 2_000;

    /** For what the virtual machine allocates meanwhile, its compiler above all. */
    private static final long SLACK = 16 << 20;

    @Test
    void memoryDoesNotGrowWithTheRequests() {
        SoakMeasurement soak =
                new SoakMeasurement(
                        ReferenceFiles.path("tiny-llava"), Precision.FLOAT32, REQUESTS, 1);

        List<SoakPoint> points = soak.run(point -> {});

        SoakPoint quarter = points.get(points.size() / 4);
        SoakPoint end = points.get(points.size() - 2);
        SoakPoint closed = points.get(points.size() - 1);
        assertThat(end.requests()).isEqualTo(REQUESTS);
        // The Java heap is the collector's to size; a leak would be of native memory.
        assertThat(end.nativeBytes()).isLessThan((long) (1.05 * quarter.nativeBytes()) + SLACK);
        assertThat(end.tensors()).as("with images kept").isLessThan(closed.tensors() + 200);
        assertThat(closed.tensors()).as("weights").isLessThan(quarter.tensors());
        assertThat(points.subList(1, 20))
                .as("tensors of images that are kept come and go")
                .allSatisfy(
                        point -> assertThat(point.tensors()).isLessThan(closed.tensors() + 200));
    }

    @Test
    void growthIsCountedFromTheEndOfTheWarmUp() {
        List<SoakPoint> points =
                List.of(point(50, 500), point(100, 1_000), point(500, 1_070), point(1_000, 1_020));

        assertThat(SoakMeasurement.growth(points)).isCloseTo(0.07, within(1e-9));
    }

    private static SoakPoint point(int requests, long bytes) {
        return new SoakPoint(requests, Duration.ZERO, bytes, 0, 0);
    }
}
