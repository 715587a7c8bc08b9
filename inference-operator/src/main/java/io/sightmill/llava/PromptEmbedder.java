package io.sightmill.llava;

import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import io.sightmill.engine.ImageSpan;
import io.sightmill.engine.Prompt;
import java.util.List;

/**
 * What enters the language model for a stretch of a prompt: embedded tokens, and in the images'
 * places their features. Used by the engine's thread.
 */
final class PromptEmbedder {

    private final LanguageModel language;
    private final ImageFeatures features;
    private final int vocabularySize;

    PromptEmbedder(LanguageModel language, ImageFeatures features, int vocabularySize) {
        this.language = language;
        this.features = features;
        this.vocabularySize = vocabularySize;
    }

    /** The images that have a position in the stretch. */
    static List<ImageSpan> spans(Prompt prompt, int from, int to) {
        return prompt.images().stream()
                .filter(span -> span.start() < to && span.end() > from)
                .toList();
    }

    /** The same for nobody in particular. */
    PtNDArray embed(Prompt prompt, int from, int to, NDManager step) {
        return embed("", prompt, from, to, step);
    }

    /**
     * Embeds positions from .. to.
     *
     * @param tenant whose images they are
     * @param step closes the result, [to - from, width]
     * @throws IllegalArgumentException if a token id is outside the vocabulary
     */
    PtNDArray embed(String tenant, Prompt prompt, int from, int to, NDManager step) {
        int[] ids = java.util.Arrays.copyOfRange(prompt.tokenIds(), from, to);
        List<ImageSpan> spans = spans(prompt, from, to);
        for (ImageSpan span : spans) {
            // Older checkpoints have an image token outside the embedding table; any row will do.
            for (int i = Math.max(span.start(), from); i < Math.min(span.end(), to); i++) {
                ids[i - from] = 0;
            }
        }
        requireInVocabulary(ids);
        PtNDArray hidden = language.embed(ids, step);
        for (ImageSpan span : spans) {
            int begin = Math.max(span.start(), from);
            int end = Math.min(span.end(), to);
            PtNDArray rows = features.of(tenant, span.image());
            language.place(hidden, rows, begin - from, begin - span.start(), end - span.start());
        }
        return hidden;
    }

    void requireInVocabulary(int[] ids) {
        for (int id : ids) {
            if (id < 0 || id >= vocabularySize) {
                throw new IllegalArgumentException(
                        "token id %d is outside the vocabulary of %d"
                                .formatted(id, vocabularySize));
            }
        }
    }
}
