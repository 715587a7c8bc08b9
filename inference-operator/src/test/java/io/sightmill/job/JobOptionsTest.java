package io.sightmill.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightmill.flink.OperatorOptions;
import io.sightmill.llava.ImageLimits;
import io.sightmill.llava.ImageReading;
import io.sightmill.llava.LoadOptions;
import io.sightmill.llava.Precision;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.api.common.operators.SlotSharingGroup;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobOptionsTest {

    @Test
    void brokersAndModelAreEnough() {
        assertThat(arguments())
                .isEqualTo(
                        new JobOptions(
                                "broker:9092",
                                "/models/llava",
                                ImageReading.defaults(),
                                Precision.FLOAT32,
                                Optional.empty(),
                                LoadOptions.defaults(),
                                Duration.ofSeconds(5),
                                DeliveryGuarantee.EXACTLY_ONCE,
                                DeliveryGuarantee.AT_LEAST_ONCE,
                                "sightmill-inference",
                                "sightmill-inference",
                                Duration.ofMinutes(15),
                                32 << 20,
                                Optional.empty(),
                                new SlotOptions(
                                        "default",
                                        0,
                                        "gpu",
                                        1.0,
                                        MemorySize.parse("512m"),
                                        MemorySize.ZERO),
                                OperatorOptions.defaults()));
    }

    @Test
    void aSlotWithGpusIsOfTheGroupGpu() {
        SlotSharingGroup group =
                arguments("--slot-gpus", "1", "--gpu-resource", "h100").slots().slotSharingGroup();

        assertThat(group.getName()).isEqualTo("gpu");
        assertThat(group.getExternalResources()).containsExactly(Map.entry("h100", 1.0));
        assertThat(group.getCpuCores()).contains(1.0);
        assertThat(group.getTaskHeapMemory()).contains(MemorySize.parse("512m"));
    }

    @Test
    void aSlotWithoutGpusIsWhateverTheTaskManagerCuts() {
        SlotSharingGroup group = arguments().slots().slotSharingGroup();

        assertThat(group.getExternalResources()).isEmpty();
        assertThat(group.getCpuCores()).isEmpty();
    }

    @Test
    void everyKeyIsRead() {
        assertThat(
                        arguments(
                                "--apply-orientation", "true",
                                "--scale-deep-grey", "true",
                                "--precision", "bfloat16",
                                "--template", "vicuna_v1",
                                "--check-weights", "true",
                                "--follow-links", "true",
                                "--vision-tower", "/models/clip",
                                "--checkpoint-interval", "200ms",
                                "--delivery", "at-least-once",
                                "--live-delivery", "exactly-once",
                                "--group-id", "group",
                                "--transactional-id-prefix", "prefix",
                                "--transaction-timeout", "1min",
                                "--max-record-bytes", "65536",
                                "--parquet", "/archive",
                                "--slot-sharing-group", "models",
                                "--slot-gpus", "2",
                                "--slot-cpu-cores", "4",
                                "--slot-heap-memory", "2g",
                                "--slot-off-heap-memory", "1g",
                                "--max-images", "3"))
                .isEqualTo(
                        new JobOptions(
                                "broker:9092",
                                "/models/llava",
                                new ImageReading(ImageLimits.defaults(), true, true),
                                Precision.BFLOAT16,
                                Optional.of("vicuna_v1"),
                                new LoadOptions(true, true, "/models/clip"),
                                Duration.ofMillis(200),
                                DeliveryGuarantee.AT_LEAST_ONCE,
                                DeliveryGuarantee.EXACTLY_ONCE,
                                "group",
                                "prefix",
                                Duration.ofMinutes(1),
                                65_536,
                                Optional.of("/archive"),
                                new SlotOptions(
                                        "models",
                                        2,
                                        "gpu",
                                        4.0,
                                        MemorySize.parse("2g"),
                                        MemorySize.parse("1g")),
                                OperatorOptions.from(Map.of("max-images", "3"))));
    }

    @ParameterizedTest
    @CsvSource({
        "apply-orientation, yes",
        "scale-deep-grey, 8",
        "precision, float8",
        "template, v9",
        "check-weights, perhaps",
        "follow-links, 1",
        "vision-tower, ' '",
        "checkpoint-interval, soon",
        "checkpoint-interval, 1ms",
        "delivery, none",
        "max-record-bytes, 1",
        "slot-sharing-group, ' '",
        "slot-gpus, -1",
        "slot-cpu-cores, 0",
        "slot-cpu-cores, NaN",
        "slot-heap-memory, 0",
        "slot-heap-memory, much",
        "slot-off-heap-memory, much",
        "max-images, 0",
        "no-such-key, 1"
    })
    void aWrongValueIsAnErrorThatNamesTheKey(String key, String value) {
        assertThatThrownBy(() -> arguments("--" + key, value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(key);
    }

    @Test
    void aMissingModelIsNamed() {
        assertThatThrownBy(() -> JobOptions.fromArguments("--bootstrap-servers", "broker:9092"))
                .hasMessageContaining("model is missing");
    }

    private static JobOptions arguments(String... more) {
        List<String> arguments =
                new ArrayList<>(
                        List.of("--bootstrap-servers", "broker:9092", "--model", "/models/llava"));
        arguments.addAll(List.of(more));
        return JobOptions.fromArguments(arguments.toArray(String[]::new));
    }
}
