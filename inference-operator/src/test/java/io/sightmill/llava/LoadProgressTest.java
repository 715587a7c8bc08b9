package io.sightmill.llava;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightmill.engine.Device;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class LoadProgressTest {

    private record Step(String part, long done, long total) {}

    private final List<Step> steps = new ArrayList<>();

    @Test
    void everyByteThatIsReadIsCountedOnce() throws IOException {
        Path directory = ReferenceFiles.path("tiny-llava");
        LlavaModelProvider provider =
                new LlavaModelProvider(directory.toString(), Precision.FLOAT32);

        provider.open(Device.cpu(), (part, done, total) -> steps.add(new Step(part, done, total)))
                .close();

        Checkpoint checkpoint = Checkpoint.open(directory);
        long files = checkpoint.bytes();
        long tensors = LlavaNetwork.neededBytes(LlavaConfig.read(directory), checkpoint);
        assertThat(steps).allMatch(step -> step.total() == files + tensors);
        assertThat(steps).extracting(Step::done).isSorted();
        assertThat(steps.get(steps.size() - 1).done()).isEqualTo(files + tensors);
        assertThat(steps)
                .extracting(Step::part)
                .contains("vision", "projector", "language", "head", "digest");
    }

    @Test
    void theLogHearsOfItEverySecondsAndAtTheEnd() {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
        List<String> lines = new ArrayList<>();
        LoggedProgress progress = new LoggedProgress("m", now::get, lines::add);

        progress.advanced("vision", 1_000_000, 9_000_000);
        now.set(Instant.EPOCH.plusSeconds(6));
        progress.advanced("language", 5_000_000, 9_000_000);
        progress.advanced("language", 6_000_000, 9_000_000);
        progress.advanced("digest", 9_000_000, 9_000_000);
        progress.advanced("digest", 9_000_000, 9_000_000);

        assertThat(lines)
                .containsExactly("loading m: language, 5 of 9 MB", "loading m: done, 9 of 9 MB");
    }

    @Test
    void theDigestIsThatOfTheFilesOneAfterTheOther() throws Exception {
        Checkpoint checkpoint = Checkpoint.open(ReferenceFiles.path("tiny-llava"));
        MessageDigest expected = MessageDigest.getInstance("SHA-256");
        for (SafetensorsFile file : checkpoint.files()) {
            expected.update(Files.readAllBytes(file.path()));
        }

        try (WeightsDigest digest = WeightsDigest.start(checkpoint, LoadMeter.none())) {
            assertThat(digest.await()).isEqualTo(HexFormat.of().formatHex(expected.digest()));
        }
    }
}
