package io.sightmill.tuning.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.sightmill.tuning.JsonLines;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a model is asked.
 *
 * @param id a text or a number, as the file has it; not always its own
 * @param image file name relative to the folder of images; empty for text alone
 * @param text all that stands in the user's turn, without a mark for the image
 * @param category which part of the benchmark it belongs to; empty where there are none
 * @param place file and place in it, for messages
 */
public record BenchmarkQuestion(
        JsonNode id, Optional<String> image, String text, String category, String place) {

    private static final String IMAGE = "<image>";

    public BenchmarkQuestion {
        requireId(id);
        text = text.replace(IMAGE, "").strip();
        if (text.isEmpty()) {
            throw new IllegalArgumentException("the question has no words");
        }
        if (image.isPresent() && image.get().isBlank()) {
            throw new IllegalArgumentException("'image' is blank and must be a file name");
        }
    }

    /** The id as text: files do not agree on whether 7 is a number. */
    public String key() {
        return id.asText();
    }

    static JsonNode requireId(JsonNode id) {
        if (id == null || !(id.isTextual() || id.isIntegralNumber()) || id.asText().isBlank()) {
            throw new IllegalArgumentException(
                    "'question_id' is %s and must be a text or a whole number"
                            .formatted(id == null ? "missing" : id));
        }
        return id;
    }

    static JsonNode idOf(String text) {
        return JsonNodeFactory.instance.textNode(text);
    }

    /**
     * Reads a file of LLaVA's authors, one {@code {"question_id", "image", "text", "category"}} a
     * line.
     *
     * @param bad hears of lines that hold none
     * @throws io.sightmill.tuning.DataFileException if the file cannot be read at all
     */
    static List<BenchmarkQuestion> read(Path file, BadEntries bad) {
        return bad.readLines(file, BenchmarkQuestion::parse);
    }

    private static BenchmarkQuestion parse(JsonNode object, String place) {
        return new BenchmarkQuestion(
                object.get("question_id"),
                object.hasNonNull("image")
                        ? Optional.of(JsonLines.text(object, "image"))
                        : Optional.empty(),
                JsonLines.text(object, "text"),
                object.path("category").asText(""),
                place);
    }
}
