package io.sightmill.tuning.samples;

import io.sightmill.llava.SampleEncoder;
import io.sightmill.llava.TrainingSample;
import io.sightmill.tuning.samples.CaptionedPictures.Picture;
import java.nio.charset.StandardCharsets;

/**
 * Captions as text, without their pictures: what a language model learns to speak from. Each sample
 * is all captions of a picture. Thread-safe.
 */
public final class CaptionTexts implements TrainingData<TrainingSample> {

    private final CaptionedPictures pictures;
    private final SampleEncoder encoder;
    private final int mostPositions;
    private final int[] lengths;

    /**
     * @param encoder stays the caller's
     * @param mostPositions longer texts are bad
     */
    public CaptionTexts(CaptionedPictures pictures, SampleEncoder encoder, int mostPositions) {
        this.pictures = pictures;
        this.encoder = encoder;
        this.mostPositions = mostPositions;
        this.lengths =
                pictures.pictures().stream()
                        .mapToInt(each -> encoder.encodeText(text(each)).length())
                        .toArray();
    }

    private static String text(Picture picture) {
        return new String(picture.captions(), StandardCharsets.UTF_8);
    }

    @Override
    public int size() {
        return lengths.length;
    }

    @Override
    public int length(int index) {
        return lengths[index];
    }

    @Override
    public long learned() {
        long learned = 0;
        for (int length : lengths) {
            learned += length;
        }
        return learned;
    }

    @Override
    public TrainingSample sample(int index) throws BadSampleException {
        if (lengths[index] > mostPositions) {
            throw new BadSampleException(
                    "takes %d positions; at most %d are allowed"
                            .formatted(lengths[index], mostPositions));
        }
        return encoder.encodeText(text(pictures.pictures().get(index)));
    }

    @Override
    public BadSample bad(int index, BadSampleException problem) {
        Picture picture = pictures.pictures().get(index);
        return new BadSample(pictures.file(), picture.line(), problem.getMessage());
    }

    @Override
    public String fingerprint() {
        return "captions of " + pictures.fingerprint();
    }
}
