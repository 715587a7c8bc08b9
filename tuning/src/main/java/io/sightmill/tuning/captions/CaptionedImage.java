package io.sightmill.tuning.captions;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A picture as a teacher knows it, who never sees it.
 *
 * @param id names it among its like
 * @param image its file, relative to the directory of the caption file, with forward slashes
 * @param captions what people said who saw it, at least one
 * @param boxes what is where
 */
public record CaptionedImage(
        String id, String image, List<String> captions, List<LabelledBox> boxes) {

    public CaptionedImage {
        requireText("id", id);
        requireText("image", image);
        captions = List.copyOf(captions);
        boxes = List.copyOf(boxes);
        if (captions.isEmpty()) {
            throw new IllegalArgumentException("captions are missing; there must be one at least");
        }
        captions.forEach(caption -> requireText("a caption", caption));
    }

    private static void requireText(String key, String value) {
        if (value.isBlank()) {
            throw new IllegalArgumentException(key + " is blank and must have words");
        }
    }

    /** The captions, one a line: all that a conversation is made from. */
    public String captionText() {
        return String.join("\n", captions);
    }

    /** Captions, a blank line, boxes: what descriptions and reasoning are made from. */
    public String captionAndBoxText() {
        return captionText()
                + "\n\n"
                + boxes.stream().map(LabelledBox::toString).collect(Collectors.joining("\n"));
    }
}
