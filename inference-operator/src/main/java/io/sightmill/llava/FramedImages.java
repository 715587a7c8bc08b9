package io.sightmill.llava;

import io.sightmill.engine.DialogueTurn;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A chat template whose images stand between two tokens, for checkpoints that were tuned so
 * (mm_use_im_start_end). Thread-safe.
 */
record FramedImages(ChatTemplate inner) implements ChatTemplate {

    private static final String BEGIN = "<im_start>";
    private static final String END = "<im_end>";

    /**
     * @throws IllegalArgumentException if the tokenizer lacks one of the two tokens
     */
    static ChatTemplate around(ChatTemplate inner, Tokenizer tokenizer) {
        for (String token : List.of(BEGIN, END)) {
            if (tokenizer.idOf(token).isEmpty()) {
                throw new IllegalArgumentException(
                        "mm_use_im_start_end of config.json is true, but the tokenizer lacks "
                                + token);
            }
        }
        return new FramedImages(inner);
    }

    @Override
    public List<PromptSegment> render(List<DialogueTurn> turns, int imageCount) {
        List<PromptSegment> framed = new ArrayList<>();
        for (PromptSegment segment : inner.render(turns, imageCount)) {
            boolean isImage = segment instanceof PromptSegment.Image;
            if (isImage) {
                framed.add(new PromptSegment.Special(BEGIN));
            }
            framed.add(segment);
            if (isImage) {
                framed.add(new PromptSegment.Special(END));
            }
        }
        return framed;
    }

    @Override
    public AnsweredDialogue renderAnswered(List<DialogueTurn> turns, int imageCount) {
        return inner.renderAnswered(turns, imageCount).withFramedImages(BEGIN, END);
    }

    @Override
    public List<String> stopStrings() {
        return inner.stopStrings();
    }

    @Override
    public Set<String> endTokens() {
        return inner.endTokens();
    }
}
