package io.sightmill.engine;

import java.util.Arrays;
import java.util.List;

/**
 * What runs through the language model before the first token of the answer.
 *
 * @param tokenIds one id a position; at an image's positions the model's image token. Not copied,
 *     never changed.
 * @param images in order, not overlapping
 */
public record Prompt(int[] tokenIds, List<ImageSpan> images) {

    public Prompt {
        images = List.copyOf(images);
        int from = 0;
        for (ImageSpan span : images) {
            if (span.start() < from || span.end() > tokenIds.length) {
                throw new IllegalArgumentException(
                        "image span [%d, %d) does not fit a prompt of %d tokens after position %d"
                                .formatted(span.start(), span.end(), tokenIds.length, from));
            }
            from = span.end();
        }
    }

    public int length() {
        return tokenIds.length;
    }

    /** How many of the positions are taken by images. */
    public int imageTokens() {
        return images.stream().mapToInt(span -> span.image().tokens()).sum();
    }

    /** The same with more text behind it. */
    Prompt followedBy(int[] more) {
        int[] ids = Arrays.copyOf(tokenIds, tokenIds.length + more.length);
        System.arraycopy(more, 0, ids, tokenIds.length, more.length);
        return new Prompt(ids, images);
    }
}
