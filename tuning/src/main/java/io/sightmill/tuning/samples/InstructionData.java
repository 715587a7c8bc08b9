package io.sightmill.tuning.samples;

import com.fasterxml.jackson.databind.JsonNode;
import io.sightmill.engine.RequestRejectedException;
import io.sightmill.llava.LearnedStretches;
import io.sightmill.llava.PixelImage;
import io.sightmill.llava.PromptRefusedException;
import io.sightmill.llava.SampleEncoder;
import io.sightmill.llava.TrainingSample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/**
 * The samples of one or more files in LLaVA's JSON with their folder of images. All are checked at
 * first; pixels are read when a sample is made, so memory holds a few numbers an answer.
 */
public final class InstructionData implements TrainingData<TrainingSample> {

    /** Few enough that an entry's JSON lives briefly, enough for every processor. */
    private static final int CHECKED_AT_ONCE = 512;

    /** So much of a file at least, where entries are large. */
    private static final int CHECKED_BYTES = 1 << 22;

    private final Path images;
    private final SampleEncoder encoder;
    private final int mostPositions;
    private final boolean showsImages;
    private final List<Located> located = new ArrayList<>();
    private long learned;
    private int badSamples;

    /** A good sample's place, and what is learned of it. */
    private record Located(
            InstructionFile file, long index, long begin, long end, LearnedStretches learned) {}

    private InstructionData(
            Path images, SampleEncoder encoder, int mostPositions, boolean showsImages) {
        this.images = images;
        this.encoder = encoder;
        this.mostPositions = mostPositions;
        this.showsImages = showsImages;
    }

    /**
     * Reads and checks the files.
     *
     * @param encoder stays the caller's
     * @param mostPositions longer samples are bad
     * @param bad hears of each bad sample; none of them is among the data
     * @param progress hears how many bytes of the files have been read
     * @throws io.sightmill.tuning.DataFileException if a file cannot be read at all
     */
    public static InstructionData open(
            List<InstructionSource> files,
            Path images,
            SampleEncoder encoder,
            int mostPositions,
            Consumer<BadSample> bad,
            LongConsumer progress) {
        InstructionData data = new InstructionData(images, encoder, mostPositions, true);
        data.scan(files, bad, progress);
        return data;
    }

    /** The same as text alone, for a language model that nothing is shown yet. */
    public static InstructionData openWithoutImages(
            List<InstructionSource> files,
            SampleEncoder encoder,
            int mostPositions,
            Consumer<BadSample> bad,
            LongConsumer progress) {
        InstructionData data = new InstructionData(Path.of(""), encoder, mostPositions, false);
        data.scan(files, bad, progress);
        return data;
    }

    private void scan(
            List<InstructionSource> files, Consumer<BadSample> bad, LongConsumer progress) {
        long before = 0;
        for (InstructionSource source : files) {
            long begun = before;
            scan(new InstructionFile(source), bad, read -> progress.accept(begun + read));
            before += source.path().toFile().length();
        }
    }

    private void scan(InstructionFile file, Consumer<BadSample> bad, LongConsumer progress) {
        List<Entry> waiting = new ArrayList<>();
        file.read(
                new InstructionFile.Visitor() {
                    @Override
                    public void entry(long index, long begin, long end, JsonNode entry) {
                        waiting.add(new Entry(index, begin, end, entry));
                        if (waiting.size() == CHECKED_AT_ONCE
                                || end - waiting.get(0).begin() >= CHECKED_BYTES) {
                            settle(file, waiting, bad);
                            progress.accept(file.done(index + 1, end));
                        }
                    }

                    @Override
                    public void broken(long index, String problem) {
                        settle(file, waiting, bad);
                        report(new BadSample(file.path(), index, problem), bad);
                    }
                });
        settle(file, waiting, bad);
        progress.accept(file.path().toFile().length());
    }

    /** An entry that has been read and not been checked. */
    private record Entry(long index, long begin, long end, JsonNode json) {}

    /** What an entry is found to be. */
    private sealed interface Finding {

        /**
         * A sample to learn from.
         *
         * @param count how many of its positions
         */
        record Good(LearnedStretches learned, int count) implements Finding {}

        record Bad(String problem) implements Finding {}
    }

    /** Checks entries, on all processors, and keeps what is found in their order. */
    private void settle(InstructionFile file, List<Entry> entries, Consumer<BadSample> bad) {
        List<Finding> findings = entries.parallelStream().map(this::find).toList();
        for (int at = 0; at < findings.size(); at++) {
            Entry entry = entries.get(at);
            if (findings.get(at) instanceof Finding.Good good) {
                keep(file, entry, good);
            } else if (findings.get(at) instanceof Finding.Bad found) {
                report(new BadSample(file.path(), entry.index(), found.problem()), bad);
            }
        }
        entries.clear();
    }

    private void keep(InstructionFile file, Entry entry, Finding.Good good) {
        located.add(new Located(file, entry.index(), entry.begin(), entry.end(), good.learned()));
        learned += good.count();
    }

    private Finding find(Entry entry) {
        try {
            TrainingSample sample = check(parse(entry.json()));
            return new Finding.Good(LearnedStretches.of(sample), sample.learned());
        } catch (BadSampleException e) {
            return new Finding.Bad(e.getMessage());
        }
    }

    private DialogueRecord parse(JsonNode entry) throws BadSampleException {
        DialogueRecord record = DialogueRecord.parse(entry);
        return showsImages ? record : record.withoutImages();
    }

    private void report(BadSample sample, Consumer<BadSample> bad) {
        badSamples++;
        bad.accept(sample);
    }

    private TrainingSample check(DialogueRecord record) throws BadSampleException {
        for (String image : record.images()) {
            if (!Files.isRegularFile(file(image))) {
                throw new BadSampleException("the image %s is missing".formatted(file(image)));
            }
        }
        // Where an image's positions depend on its size, there is no way around reading it.
        return encoder.tokensPerImage().isPresent()
                ? requireSound(
                        refusing(
                                () ->
                                        encoder.encodeWithoutPixels(
                                                record.turns(), record.images().size())))
                : requireSound(encode(record));
    }

    private TrainingSample encode(DialogueRecord record) throws BadSampleException {
        List<PixelImage> pixels = pixels(record);
        return refusing(() -> encoder.encode(record.turns(), pixels));
    }

    /** A dialogue that the template refuses is a bad sample. */
    private static TrainingSample refusing(Supplier<TrainingSample> encoding)
            throws BadSampleException {
        try {
            return encoding.get();
        } catch (PromptRefusedException e) {
            throw new BadSampleException(e.getMessage(), e);
        }
    }

    private TrainingSample requireSound(TrainingSample sample) throws BadSampleException {
        if (sample.length() > mostPositions) {
            throw new BadSampleException(
                    "takes %d positions; at most %d are allowed"
                            .formatted(sample.length(), mostPositions));
        }
        if (sample.learned() == 0) {
            throw new BadSampleException(
                    "is masked whole: its tokens do not spell its answers, as the tokenizer reads them");
        }
        return sample;
    }

    private List<PixelImage> pixels(DialogueRecord record) throws BadSampleException {
        List<PixelImage> pixels = new ArrayList<>();
        for (String image : record.images()) {
            try {
                pixels.add(encoder.image(Files.readAllBytes(file(image))));
            } catch (IOException | RequestRejectedException e) {
                throw new BadSampleException(
                        "the image %s cannot be used: %s".formatted(file(image), e.getMessage()),
                        e);
            }
        }
        return pixels;
    }

    /** A name that leads out of the folder is a missing image. */
    private Path file(String image) throws BadSampleException {
        Path folder = images.toAbsolutePath().normalize();
        try {
            Path file = folder.resolve(image).normalize();
            if (file.startsWith(folder)) {
                return file;
            }
        } catch (InvalidPathException e) {
            throw new BadSampleException("'%s' is no file name".formatted(image), e);
        }
        throw new BadSampleException("the image %s is outside %s".formatted(image, folder));
    }

    @Override
    public int size() {
        return located.size();
    }

    @Override
    public int length(int index) {
        return located.get(index).learned().length();
    }

    @Override
    public long learned() {
        return learned;
    }

    /** How many samples were left out. */
    public int badSamples() {
        return badSamples;
    }

    @Override
    public TrainingSample sample(int index) throws BadSampleException {
        Located place = located.get(index);
        try {
            DialogueRecord record = parse(place.file().entry(place.begin(), place.end()));
            List<PixelImage> pixels = pixels(record);
            return refusing(() -> encoder.encodeAgain(record.turns(), pixels, place.learned()));
        } catch (IOException e) {
            throw new BadSampleException("cannot be read again: " + e, e);
        }
    }

    @Override
    public BadSample bad(int index, BadSampleException problem) {
        Located place = located.get(index);
        return new BadSample(place.file().path(), place.index(), problem.getMessage());
    }

    @Override
    public String fingerprint() {
        long hash = 17;
        for (Located each : located) {
            hash = 31 * (31 * (31 * hash + each.begin()) + each.end()) + each.learned().length();
        }
        return "%d samples, %016x".formatted(located.size(), hash);
    }
}
