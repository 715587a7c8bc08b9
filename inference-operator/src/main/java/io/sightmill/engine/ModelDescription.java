package io.sightmill.engine;

import java.util.Objects;
import java.util.Set;

/**
 * What the engine and the records need to know of a model.
 *
 * @param name the last part of the checkpoint's directory
 * @param weightsSha256 SHA-256 over the weight files, 64 lower-case hexadecimal digits
 * @param contextTokens most positions of prompt and answer together
 * @param endTokenIds a generated token among these ends the answer and is not part of it
 */
public record ModelDescription(
        String name, String weightsSha256, int contextTokens, Set<Integer> endTokenIds) {

    public ModelDescription {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(weightsSha256, "weightsSha256");
        endTokenIds = Set.copyOf(endTokenIds);
        if (contextTokens < 1) {
            throw new IllegalArgumentException(
                    "contextTokens is " + contextTokens + " and must be at least 1");
        }
    }
}
