package io.sightmill.engine;

import java.util.List;

/**
 * What one step runs.
 *
 * @param embeds EMBED sequences: encode and project their images, nothing else
 * @param prefills stretches of prompts; images whose span ends in a chunk and that are not encoded
 *     yet are encoded and projected first
 * @param decodes sequences whose next token is wanted; each is fed {@link Sequence#inputToken()} at
 *     position {@link Sequence#inputPosition()}
 */
public record BatchPlan(
        List<Sequence> embeds, List<PrefillChunk> prefills, List<Sequence> decodes) {

    public BatchPlan {
        embeds = List.copyOf(embeds);
        prefills = List.copyOf(prefills);
        decodes = List.copyOf(decodes);
    }

    public boolean isEmpty() {
        return embeds.isEmpty() && prefills.isEmpty() && decodes.isEmpty();
    }
}
