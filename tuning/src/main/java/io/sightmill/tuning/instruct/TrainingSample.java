package io.sightmill.tuning.instruct;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sightmill.tuning.Dice;
import java.util.List;

/**
 * One entry of LLaVA's training JSON: {@code {"id", "image", "conversations":[{"from": "human" |
 * "gpt", "value"}]}}.
 *
 * @param image its file, relative to the directory of images
 */
public record TrainingSample(String id, String image, List<Exchange> exchanges) {

    /** Where the image goes, once in the first question. */
    public static final String IMAGE = "<image>";

    public TrainingSample {
        exchanges = List.copyOf(exchanges);
        if (id.isBlank() || image.isBlank() || exchanges.isEmpty()) {
            throw new IllegalArgumentException(
                    "a sample has id '%s', image '%s' and %d exchanges; it must have all of them"
                            .formatted(id, image, exchanges.size()));
        }
    }

    /**
     * The entry; the image stands before or behind the first question.
     *
     * @param dice decides which
     */
    public ObjectNode toJson(Dice dice) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.put("id", id).put("image", image);
        ArrayNode turns = object.putArray("conversations");
        boolean isBefore = dice.chance(0.5);
        for (int index = 0; index < exchanges.size(); index++) {
            Exchange exchange = exchanges.get(index);
            String question = exchange.question();
            if (index == 0) {
                question = isBefore ? IMAGE + "\n" + question : question + "\n" + IMAGE;
            }
            turns.addObject().put("from", "human").put("value", question);
            turns.addObject().put("from", "gpt").put("value", exchange.answer());
        }
        return object;
    }
}
