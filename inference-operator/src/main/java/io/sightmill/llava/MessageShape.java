package io.sightmill.llava;

import io.sightmill.engine.DialogueTurn;
import io.sightmill.engine.DialogueTurn.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How a chat template expects the content of a message. */
enum MessageShape {
    /** A list of parts: {@code {type: image}} and {@code {type: text, text: ...}}. */
    PARTS("a list of parts"),

    /** A text, in which the image token is written out. */
    TEXT("a text");

    private final String description;

    MessageShape(String description) {
        this.description = description;
    }

    String description() {
        return description;
    }

    /** The template's variable "messages"; the images go before the first user turn's text. */
    List<Map<String, Object>> messages(
            List<DialogueTurn> turns, int imageCount, String imageToken) {
        List<Map<String, Object>> messages = new ArrayList<>();
        int images = imageCount;
        for (DialogueTurn turn : turns) {
            int here = turn.role() == Role.USER ? images : 0;
            images -= here;
            messages.add(
                    Map.of(
                            "role",
                            turn.role().name().toLowerCase(Locale.ROOT),
                            "content",
                            this == PARTS
                                    ? parts(turn.text(), here)
                                    : (imageToken + "\n").repeat(here) + turn.text()));
        }
        return messages;
    }

    private static List<Map<String, Object>> parts(String text, int images) {
        List<Map<String, Object>> parts = new ArrayList<>();
        for (int image = 0; image < images; image++) {
            parts.add(Map.of("type", "image"));
        }
        parts.add(Map.of("type", "text", "text", text));
        return parts;
    }
}
