package io.sightmill.llava;

import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import io.sightmill.engine.Prompt;

/** One prompt through a network by itself, as measurements want it. */
final class PromptLogits {

    private PromptLogits() {}

    /**
     * Encodes, projects and prefills the prompt in a cache of its own.
     *
     * @param from the first position whose logits are wanted
     * @return [positions from there on, vocabulary]
     */
    static float[][] of(LlavaNetwork network, Prompt prompt, int from) {
        LanguageModel language = network.language();
        int vocabulary = network.config().text().vocabularySize();
        try (ImageFeatures features = new ImageFeatures(network);
                NDManager step = network.newScope();
                KvPool pool = language.newPool();
                KvCache cache = pool.newCache(prompt.length())) {
            PtNDArray embedded =
                    new PromptEmbedder(language, features, vocabulary)
                            .embed(prompt, 0, prompt.length(), step);
            try (PtNDArray hidden = language.prefill(embedded, cache, 0, step)) {
                return language.logits(hidden, from, step);
            }
        }
    }
}
