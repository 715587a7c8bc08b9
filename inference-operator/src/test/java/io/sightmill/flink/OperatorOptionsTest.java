package io.sightmill.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightmill.engine.Device;
import io.sightmill.engine.EngineOptions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OperatorOptionsTest {

    @Test
    void withoutConfigurationEveryOptionHasItsDefault() {
        OperatorOptions options = OperatorOptions.from(Map.of());

        assertThat(options)
                .isEqualTo(
                        new OperatorOptions(
                                EngineOptions.defaults(),
                                Duration.ofMinutes(10),
                                null,
                                "gpu",
                                "/tmp/sightmill-devices",
                                128,
                                64L << 20,
                                0,
                                "Describe the image.",
                                16,
                                64,
                                32 << 20,
                                List.of(),
                                Duration.ofMinutes(1)));
    }

    @Test
    void everyKeyIsRead() {
        Map<String, String> configuration = new HashMap<>();
        configuration.put("max-sequences", "1");
        configuration.put("kv-tokens", "2");
        configuration.put("step-tokens", "3");
        configuration.put("chunk-tokens", "4");
        configuration.put("bulk-share", "0.5");
        configuration.put("image-cache-bytes", "6000000000");
        configuration.put("prefill-known-tokens", "true");
        configuration.put("step-timeout", "PT30S");
        configuration.put("device", "gpu:5");
        configuration.put("gpu-resource", "accelerator");
        configuration.put("device-leases", "/run/leases");
        configuration.put("max-in-flight-requests", "6");
        configuration.put("max-in-flight-bytes", "7");
        configuration.put("preprocess-threads", "8");
        configuration.put("caption-instruction", "Say it.");
        configuration.put("max-images", "9");
        configuration.put("max-tasks", "10");
        configuration.put("max-image-bytes", "11");
        configuration.put("allowed-directories", "/a, s3://b/c");
        configuration.put("image-timeout", "PT12S");

        OperatorOptions options = OperatorOptions.from(configuration);

        assertThat(configuration.keySet()).isEqualTo(OperatorOptions.KEYS);
        assertThat(options)
                .isEqualTo(
                        new OperatorOptions(
                                new EngineOptions(1, 2, 3, 4, 0.5, 6_000_000_000L, true),
                                Duration.ofSeconds(30),
                                new Device(Device.Kind.GPU, 5),
                                "accelerator",
                                "/run/leases",
                                6,
                                7,
                                8,
                                "Say it.",
                                9,
                                10,
                                11,
                                List.of("/a", "s3://b/c"),
                                Duration.ofSeconds(12)));
    }

    @ParameterizedTest
    @CsvSource({
        "max-in-flight-requests, 0",
        "max-in-flight-bytes, many",
        "preprocess-threads, -1",
        "caption-instruction, ' '",
        "max-images, 0",
        "max-tasks, 0",
        "max-image-bytes, 0",
        "device, tpu",
        "device-leases, leases",
        "step-timeout, soon",
        "step-timeout, PT-1S",
        "kv-tokens, 1.5",
        "bulk-share, half",
        "allowed-directories, images",
        "allowed-directories, file:///images",
        "allowed-directories, s3://user@bucket",
        "image-timeout, PT-1S"
    })
    void aWrongValueIsAnErrorThatNamesKeyAndValue(String key, String value) {
        assertThatThrownBy(() -> OperatorOptions.from(Map.of(key, value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(key)
                .hasMessageContaining(value);
    }

    @Test
    void optionsTravelWithTheJob() throws Exception {
        OperatorOptions options = OperatorOptions.from(Map.of("allowed-directories", "/images"));

        assertThat(InstantiationUtil.clone(options)).isEqualTo(options);
    }

    @Test
    void preprocessingTakesHalfTheCoresUnlessItIsTold() {
        assertThat(OperatorOptions.defaults().preprocessThreadsOf(1)).isEqualTo(1);
        assertThat(OperatorOptions.defaults().preprocessThreadsOf(8)).isEqualTo(4);
        assertThat(OperatorOptions.from(Map.of("preprocess-threads", "3")).preprocessThreadsOf(8))
                .isEqualTo(3);
    }
}
