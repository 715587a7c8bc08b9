package io.sightmill.llava;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The shapes that have a name: the one in the box, its variants, and those of published models. */
public final class CheckpointShapes {

    /** Tokens of Vicuna and Mistral, the image's and the padding's, filled up to 64s. */
    private static final int PUBLISHED_VOCABULARY = 32_064;

    /** The same before any is added, and with LLaVA v1's three. */
    private static final int V1_VOCABULARY = 32_003;

    private static final Map<String, CheckpointShape> SHAPES = shapes();

    private CheckpointShapes() {}

    /** All names, small ones first. */
    public static List<String> names() {
        return List.copyOf(SHAPES.keySet());
    }

    /**
     * @throws IllegalArgumentException if there is no such shape; the message lists those there are
     */
    public static CheckpointShape named(String name) {
        CheckpointShape shape = SHAPES.get(name);
        if (shape == null) {
            throw new IllegalArgumentException(
                    "there is no shape '%s'; the shapes are %s"
                            .formatted(name, String.join(", ", names())));
        }
        return shape;
    }

    private static Map<String, CheckpointShape> shapes() {
        Map<String, CheckpointShape> shapes = new LinkedHashMap<>();
        CheckpointShape tiny = CheckpointShape.sightmillTiny();
        shapes.put("tiny", tiny);
        shapes.put("tiny-v1", tiny.as(CheckpointFamily.V1));
        shapes.put("tiny-next", tiny.as(CheckpointFamily.NEXT));
        shapes.put("tiny-mistral", tiny.as(TextFamily.MISTRAL));
        shapes.put("tiny-next-mistral", tiny.as(CheckpointFamily.NEXT).as(TextFamily.MISTRAL));
        // Twenty times the work a token, and still loaded at once.
        shapes.put(
                "small",
                new CheckpointShape(
                        CheckpointFamily.V1_5,
                        tiny.vision(),
                        TextShape.llama(512, 8, 8, 1_376, 1_024).withContext(2_048)));
        // What can be trained from nothing on two cores in hours: under 16 MB in 16 bits.
        shapes.put(
                "box",
                new CheckpointShape(
                        CheckpointFamily.V1_5,
                        new VisionShape(64, 8, 192, 6, 6, 768),
                        TextShape.llama(256, 8, 4, 704, 1_280).withContext(2_048)));
        TextShape text1b = TextShape.llama(2_048, 32, 22, 5_632, PUBLISHED_VOCABULARY);
        shapes.put("1b", large(CheckpointFamily.V1_5, text1b.withKeyValueHeads(4)));
        TextShape text7b = TextShape.llama(4_096, 32, 32, 11_008, PUBLISHED_VOCABULARY);
        TextShape text13b = TextShape.llama(5_120, 40, 40, 13_824, PUBLISHED_VOCABULARY);
        shapes.put(
                "llava-v1-7b",
                new CheckpointShape(
                        CheckpointFamily.V1,
                        VisionShape.large(224),
                        TextShape.llama(4_096, 32, 32, 11_008, V1_VOCABULARY).withContext(2_048)));
        shapes.put("llava-1.5-7b", large(CheckpointFamily.V1_5, text7b));
        shapes.put("llava-1.5-13b", large(CheckpointFamily.V1_5, text13b));
        shapes.put("llava-v1.6-vicuna-7b", large(CheckpointFamily.NEXT, text7b));
        shapes.put("llava-v1.6-vicuna-13b", large(CheckpointFamily.NEXT, text13b));
        shapes.put(
                "llava-v1.6-mistral-7b",
                large(CheckpointFamily.NEXT, TextShape.mistral7b(PUBLISHED_VOCABULARY)));
        return shapes;
    }

    private static CheckpointShape large(CheckpointFamily family, TextShape text) {
        return new CheckpointShape(family, VisionShape.large(336), text);
    }
}
