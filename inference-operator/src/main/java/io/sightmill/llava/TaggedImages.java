package io.sightmill.llava;

import io.sightmill.engine.DialogueTurn;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Puts every image between the tokens that checkpoints with {@code mm_use_im_start_end} were tuned
 * to see around it. Thread-safe.
 */
record TaggedImages(ChatTemplate template) implements ChatTemplate {

    static final String START = "<im_start>";
    static final String END = "<im_end>";

    @Override
    public List<PromptSegment> render(List<DialogueTurn> turns, int imageCount) {
        return template.render(turns, imageCount).stream().flatMap(TaggedImages::tagged).toList();
    }

    private static Stream<PromptSegment> tagged(PromptSegment segment) {
        return segment instanceof PromptSegment.Image
                ? Stream.of(
                        new PromptSegment.Special(START), segment, new PromptSegment.Special(END))
                : Stream.of(segment);
    }

    @Override
    public List<String> stopStrings() {
        return template.stopStrings();
    }

    @Override
    public Set<String> endTokens() {
        return template.endTokens();
    }
}
