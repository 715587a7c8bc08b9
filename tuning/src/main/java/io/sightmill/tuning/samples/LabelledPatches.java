package io.sightmill.tuning.samples;

import io.sightmill.engine.RequestRejectedException;
import io.sightmill.llava.PatchSample;
import io.sightmill.llava.PixelImage;
import io.sightmill.llava.SampleEncoder;
import io.sightmill.tuning.samples.CaptionedPictures.Labelled;
import io.sightmill.tuning.samples.CaptionedPictures.Picture;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/**
 * What a vision tower learns to see from: of each patch of a picture, the words of all boxes that
 * cover its middle, and where the smallest of them is. Supervision at every patch teaches shapes
 * and colours in a fraction of the pictures that captions take. Thread-safe.
 */
public final class LabelledPatches implements TrainingData<PatchSample> {

    private final CaptionedPictures pictures;
    private final SampleEncoder encoder;
    private final List<String> words;
    private final Map<String, Integer> indices = new HashMap<>();
    private final int patches;

    /**
     * @param encoder stays the caller's; of a model whose images are one tile
     */
    public LabelledPatches(CaptionedPictures pictures, SampleEncoder encoder) {
        this.pictures = pictures;
        this.encoder = encoder;
        this.words = pictures.words();
        this.patches =
                encoder.tokensPerImage()
                        .orElseThrow(
                                () ->
                                        new IllegalArgumentException(
                                                "a model that cuts images into tiles cannot be pretrained"));
        for (int index = 0; index < words.size(); index++) {
            indices.put(words.get(index), index);
        }
    }

    /** What patches are told apart by. */
    public List<String> words() {
        return words;
    }

    @Override
    public int size() {
        return words.isEmpty() ? 0 : pictures.pictures().size();
    }

    @Override
    public int length(int index) {
        return patches;
    }

    @Override
    public long learned() {
        return (long) size() * patches;
    }

    @Override
    public PatchSample sample(int index) throws BadSampleException {
        Picture picture = pictures.pictures().get(index);
        try {
            byte[] file = Files.readAllBytes(picture.image());
            requireSquare(file);
            PixelImage image = encoder.image(file);
            return new PatchSample(image, labels(picture.boxes()), words.size());
        } catch (IOException | RequestRejectedException e) {
            throw new BadSampleException(
                    "the image %s cannot be used: %s".formatted(picture.image(), e.getMessage()),
                    e);
        }
    }

    /** Of any other picture a model sees a part, or with bars around it: the boxes would lie. */
    private static void requireSquare(byte[] file) throws IOException, BadSampleException {
        try (ImageInputStream input =
                ImageIO.createImageInputStream(new ByteArrayInputStream(file))) {
            ImageReader reader = ImageIO.getImageReaders(input).next();
            try {
                reader.setInput(input);
                if (reader.getWidth(0) != reader.getHeight(0)) {
                    throw new BadSampleException(
                            "the image is %d x %d pixels and must be square, as its boxes are learned from"
                                    .formatted(reader.getWidth(0), reader.getHeight(0)));
                }
            } finally {
                reader.dispose();
            }
        }
    }

    private float[] labels(List<Labelled> boxes) {
        int width = words.size() + PatchSample.OTHERS;
        int side = (int) Math.round(Math.sqrt(patches));
        float[] labels = new float[patches * width];
        for (int patch = 0; patch < patches; patch++) {
            float x = (patch % side + 0.5f) / side;
            float y = (patch / side + 0.5f) / side;
            label(labels, patch * width, boxes, x, y);
        }
        for (Labelled box : boxes) {
            int column = Math.min(side - 1, (int) (side * (box.left() + box.right()) / 2));
            int row = Math.min(side - 1, (int) (side * (box.top() + box.bottom()) / 2));
            labels[(row * side + column) * width + words.size()] = 1;
        }
        return labels;
    }

    /** In the order that {@link PatchSample} says. */
    private void label(float[] labels, int at, List<Labelled> boxes, float x, float y) {
        Labelled smallest = null;
        for (Labelled box : boxes) {
            if (box.covers(x, y)) {
                for (String word : box.category().split(" ")) {
                    Integer index = indices.get(word);
                    if (index != null) {
                        labels[at + index] = 1;
                    }
                }
                smallest = smallest == null || box.area() < smallest.area() ? box : smallest;
            }
        }
        if (smallest != null) {
            int known = at + words.size() + 1;
            labels[known] = 1;
            labels[known + 1] = smallest.left() - x;
            labels[known + 2] = smallest.top() - y;
            labels[known + 3] = smallest.right() - x;
            labels[known + 4] = smallest.bottom() - y;
        }
    }

    @Override
    public BadSample bad(int index, BadSampleException problem) {
        Picture picture = pictures.pictures().get(index);
        return new BadSample(pictures.file(), picture.line(), problem.getMessage());
    }

    @Override
    public String fingerprint() {
        return "patches of " + pictures.fingerprint();
    }
}
