package io.sightmill.tuning.scenes;

import io.sightmill.tuning.captions.WrittenText;
import java.util.Objects;

/**
 * A digit or a word in a scene; nothing covers it.
 *
 * @param outline where it is, in shares of the picture's side
 */
record SceneText(WrittenText text, Outline outline) {

    SceneText {
        Objects.requireNonNull(text, "text");
        Objects.requireNonNull(outline, "outline");
    }
}
