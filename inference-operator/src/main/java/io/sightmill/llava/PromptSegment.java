package io.sightmill.llava;

import java.util.Objects;

/**
 * A stretch of a rendered dialogue. Text never stands for a slot or a token, whatever it spells.
 */
public sealed interface PromptSegment {

    /** Plain text, of the template or of a turn. */
    record Text(String text) implements PromptSegment {

        public Text {
            Objects.requireNonNull(text, "text");
        }
    }

    /** The place of the next image. */
    record Image() implements PromptSegment {}

    /** A token of the template's own, by its exact name. */
    record Special(String token) implements PromptSegment {

        public Special {
            Objects.requireNonNull(token, "token");
        }
    }
}
