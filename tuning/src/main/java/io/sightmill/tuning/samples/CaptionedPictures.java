package io.sightmill.tuning.samples;

import io.sightmill.tuning.DataFileException;
import io.sightmill.tuning.JsonLines;
import io.sightmill.tuning.captions.Box;
import io.sightmill.tuning.captions.CaptionFile;
import io.sightmill.tuning.captions.CaptionedImage;
import io.sightmill.tuning.captions.LabelledBox;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * The pictures of a caption file: what vision tower and language model get their first weights
 * from. Checked when they are read; memory holds captions and boxes, no pixels. Thread-safe.
 */
public final class CaptionedPictures {

    /** Beyond them words are too rare to be learned from a patch. */
    private static final int MOST_WORDS = 256;

    private final Path file;
    private final Path images;
    private final List<Picture> pictures = new ArrayList<>();
    private final Map<String, Integer> counts = new HashMap<>();
    private int bad;

    /**
     * A picture.
     *
     * @param line of the file, from 0
     * @param captions one a line, in UTF-8
     */
    record Picture(long line, Path image, byte[] captions, List<Labelled> boxes) {}

    /** A box and the words of its category. */
    record Labelled(String category, float left, float top, float right, float bottom) {

        static Labelled of(LabelledBox labelled) {
            Box box = labelled.box();
            return new Labelled(
                    labelled.category().intern(),
                    (float) box.left(),
                    (float) box.top(),
                    (float) box.right(),
                    (float) box.bottom());
        }

        float area() {
            return (right - left) * (bottom - top);
        }

        boolean covers(float x, float y) {
            return x >= left && x < right && y >= top && y < bottom;
        }
    }

    private CaptionedPictures(Path file, Path images) {
        this.file = file;
        this.images = images;
    }

    /**
     * Reads a caption file.
     *
     * @param bad hears of each bad line and of each picture without its image; none of them is
     *     among the pictures
     * @param progress hears how many bytes of the file have been read
     * @throws DataFileException if the file cannot be read at all
     */
    public static CaptionedPictures read(
            Path file, Path images, Consumer<BadSample> bad, LongConsumer progress) {
        CaptionedPictures pictures = new CaptionedPictures(file, images);
        long read = 0;
        try (JsonLines<CaptionedImage> lines = CaptionFile.read(file)) {
            while (true) {
                try {
                    CaptionedImage image = lines.next();
                    if (image == null) {
                        return pictures;
                    }
                    pictures.add(lines.line() - 1, image);
                    read += CaptionFile.line(image).length() + 1L;
                    progress.accept(read);
                } catch (BadSampleException | DataFileException e) {
                    pictures.bad++;
                    bad.accept(new BadSample(file, lines.line() - 1, e.getMessage()));
                }
            }
        }
    }

    private void add(long line, CaptionedImage image) throws BadSampleException {
        Path folder = images.toAbsolutePath().normalize();
        Path pixels = folder.resolve(image.image()).normalize();
        if (!pixels.startsWith(folder) || !Files.isRegularFile(pixels)) {
            throw new BadSampleException("the image %s is missing".formatted(pixels));
        }
        List<Labelled> boxes = image.boxes().stream().map(Labelled::of).toList();
        pictures.add(
                new Picture(
                        line, pixels, image.captionText().getBytes(StandardCharsets.UTF_8), boxes));
        for (Labelled box : boxes) {
            for (String word : box.category().split(" ")) {
                counts.merge(word, 1, Integer::sum);
            }
        }
    }

    /** The words of all boxes' categories, frequent ones first. */
    List<String> words() {
        return counts.entrySet().stream()
                .sorted(
                        Map.Entry.<String, Integer>comparingByValue()
                                .reversed()
                                .thenComparing(Map.Entry.comparingByKey()))
                .limit(MOST_WORDS)
                .map(Map.Entry::getKey)
                .toList();
    }

    Path file() {
        return file;
    }

    List<Picture> pictures() {
        return pictures;
    }

    /** How many lines were left out. */
    public int bad() {
        return bad;
    }

    /** All captions, to learn a tokenizer from. */
    public List<String> captions(int mostPictures) {
        return pictures.stream()
                .limit(mostPictures)
                .flatMap(each -> new String(each.captions(), StandardCharsets.UTF_8).lines())
                .toList();
    }

    /** Tells pictures that changed since a run began from those it began with. */
    String fingerprint() {
        long hash = 17;
        for (Picture each : pictures) {
            hash = 31 * hash + Arrays.hashCode(each.captions());
            hash = 31 * hash + each.boxes().hashCode();
        }
        return "%d pictures, %016x".formatted(pictures.size(), hash);
    }
}
