package io.sightmill.tuning.captions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sightmill.tuning.JsonLines;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The file of captions and boxes: one JSON object a line, {@code {"id", "image", "captions":[text],
 * "boxes":["category: [left, top, right, bottom]"]}}. Any pictures can be described so, drawn or
 * not.
 */
public final class CaptionFile {

    private CaptionFile() {}

    /** A picture's line, without the line break. */
    public static String line(CaptionedImage image) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.put("id", image.id()).put("image", image.image());
        image.captions().forEach(object.putArray("captions")::add);
        image.boxes().forEach(box -> object.withArray("boxes").add(box.toString()));
        return object.toString();
    }

    /** Reads a file line by line; a line without boxes is a picture without any. */
    public static JsonLines<CaptionedImage> read(Path file) {
        return new JsonLines<>(file, CaptionFile::parse);
    }

    private static CaptionedImage parse(JsonNode object) {
        return new CaptionedImage(
                JsonLines.text(object, "id"),
                JsonLines.text(object, "image"),
                texts(object, "captions"),
                object.has("boxes")
                        ? texts(object, "boxes").stream().map(LabelledBox::parse).toList()
                        : List.of());
    }

    private static List<String> texts(JsonNode object, String key) {
        List<String> texts = new ArrayList<>();
        for (JsonNode value : JsonLines.array(object, key)) {
            if (!value.isTextual()) {
                throw new IllegalArgumentException(
                        "'%s' has %s and must have texts".formatted(key, value));
            }
            texts.add(value.textValue());
        }
        return texts;
    }
}
