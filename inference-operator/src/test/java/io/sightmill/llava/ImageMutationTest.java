package io.sightmill.llava;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightmill.engine.RequestRejectedException;
import io.sightmill.engine.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Damaged files: flipped bits, other bytes, cut ends, parts of another file.
 *
 * <p>The system property {@code sightmill.mutations} sets how many of each file are tried.
 */
class ImageMutationTest {

    private static final int MUTATIONS = Integer.getInteger("sightmill.mutations", 40);
    private static final Duration MOST_TIME = Duration.ofSeconds(20);

    private final ImageDecoder decoder =
            new ImageDecoder(new ImageReading(new ImageLimits(1 << 20, 1_000_000), true, true));

    @Test
    void everyDamagedFileIsAPictureOrARejection() throws Exception {
        List<Path> files = files();
        Random random = new Random(20);
        for (Path path : files) {
            byte[] whole = Files.readAllBytes(path);
            byte[] other = Files.readAllBytes(files.get(random.nextInt(files.size())));
            for (int round = 0; round < MUTATIONS; round++) {
                byte[] mutant = mutate(whole, other, random);
                String which = path.getFileName() + ", round " + round;
                long begun = System.nanoTime();
                assertThat(outcome(mutant)).as(which).isNotBlank();
                assertThat(Duration.ofNanos(System.nanoTime() - begun))
                        .as(which)
                        .isLessThan(MOST_TIME);
            }
        }
    }

    /** Anything else that is thrown ends the test. */
    private String outcome(byte[] file) {
        try {
            RgbRows rows = decoder.decode(file);
            int[] row = new int[rows.width() * 3];
            for (int y = 0; y < rows.height(); y++) {
                rows.read(y, row);
            }
            return "a picture";
        } catch (RequestRejectedException e) {
            assertThat(e.stage()).isEqualTo(Stage.PREPROCESS);
            assertThat(e.reason()).isNotNull();
            return e.getMessage();
        }
    }

    private static byte[] mutate(byte[] whole, byte[] other, Random random) {
        byte[] mutant = whole.clone();
        switch (random.nextInt(4)) {
            case 0 -> mutant[random.nextInt(mutant.length)] ^= (byte) (1 << random.nextInt(8));
            case 1 -> {
                for (int hit = 0; hit < 1 + random.nextInt(8); hit++) {
                    mutant[random.nextInt(mutant.length)] = (byte) random.nextInt();
                }
            }
            case 2 -> mutant = Arrays.copyOf(mutant, 1 + random.nextInt(mutant.length));
            default -> {
                int length =
                        1 + random.nextInt(Math.min(64, Math.min(mutant.length, other.length)));
                System.arraycopy(
                        other,
                        random.nextInt(other.length - length + 1),
                        mutant,
                        random.nextInt(mutant.length - length + 1),
                        length);
            }
        }
        return mutant;
    }

    private static List<Path> files() throws IOException {
        try (Stream<Path> found = Files.walk(ReferenceFiles.path("formats"))) {
            return new ArrayList<>(
                    found.filter(Files::isRegularFile)
                            .filter(path -> !path.toString().matches(".*\\.(csv|rgb)"))
                            .sorted()
                            .toList());
        }
    }
}
