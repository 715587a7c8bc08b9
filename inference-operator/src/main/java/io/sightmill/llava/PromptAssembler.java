package io.sightmill.llava;

import io.sightmill.engine.DialogueTurn;
import io.sightmill.engine.ImageSpan;
import io.sightmill.engine.PreparedImage;
import io.sightmill.engine.Prompt;
import io.sightmill.llava.Tokenizer.TokenizedText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Dialogues and images to prompts: the beginning token, each text segment tokenized on its own as
 * the reference does between special tokens, and the image token once for each of an image's
 * tokens. Thread-safe.
 */
public final class PromptAssembler {

    private final Tokenizer tokenizer;
    private final ChatTemplate template;
    private final int imageTokenId;

    /**
     * @param imageTokenId what stands at an image's positions: image_token_index, or {@link
     *     LlavaConfig#IMAGE_SLOT}. With the latter, text behind an image is tokenized as a text of
     *     its own, as the authors' code does
     */
    public PromptAssembler(Tokenizer tokenizer, ChatTemplate template, int imageTokenId) {
        boolean isToken = imageTokenId >= 0 && imageTokenId < tokenizer.vocabularySize();
        if (!isToken && imageTokenId != LlavaConfig.IMAGE_SLOT) {
            throw new IllegalArgumentException(
                    "imageTokenId is %d and must be in 0..%d"
                            .formatted(imageTokenId, tokenizer.vocabularySize() - 1));
        }
        this.tokenizer = tokenizer;
        this.template = template;
        this.imageTokenId = imageTokenId;
    }

    /**
     * The prompt of a dialogue.
     *
     * @throws PromptRefusedException if the chat template has no form for the dialogue
     */
    public Prompt assemble(List<DialogueTurn> turns, List<? extends PreparedImage> images) {
        return assembleSegments(template.render(turns, images.size()), images);
    }

    /** The image tokens alone, for embedding. */
    public Prompt assembleImages(List<? extends PreparedImage> images) {
        Assembly assembly = new Assembly();
        images.forEach(assembly::image);
        return assembly.toPrompt();
    }

    /**
     * The ids of an answer as they continue a prompt: those of the prompt's last text with a space
     * and the answer after it, less the ids that the two share from the start. Where a merge
     * reaches over the border, the answer begins with the first id that differs.
     *
     * @throws PromptRefusedException if the chat template has no form for the dialogue
     */
    public int[] continuation(List<DialogueTurn> turns, int imageCount, String answer) {
        List<PromptSegment> segments = template.render(turns, imageCount);
        int last = segments.size() - 1;
        if (!(segments.get(last) instanceof PromptSegment.Text tail)) {
            return tokenizer.encodeContinuation(answer);
        }
        boolean isFirst = last == 0;
        boolean isAfterImage = last > 0 && segments.get(last - 1) instanceof PromptSegment.Image;
        int[] before = tokenize(tail.text(), isFirst, isAfterImage).ids();
        int[] after = tokenize(tail.text() + " " + answer, isFirst, isAfterImage).ids();
        int shared = Arrays.mismatch(before, after);
        return Arrays.copyOfRange(after, shared < 0 ? after.length : shared, after.length);
    }

    /** What ends an answer of this template besides the model's end tokens. */
    List<String> stopStrings() {
        return template.stopStrings();
    }

    /** A lower bound on the tokens of a text of this many UTF-16 units, without reading it. */
    long fewestTokens(long characters) {
        return tokenizer.fewestTokens(characters);
    }

    Prompt assembleSegments(List<PromptSegment> segments, List<? extends PreparedImage> images) {
        return assembleSegmented(segments, images).prompt();
    }

    /** The same, and where the segments went. */
    SegmentedPrompt assembleSegmented(
            List<PromptSegment> segments, List<? extends PreparedImage> images) {
        Assembly assembly = new Assembly();
        List<Integer> begins = new ArrayList<>();
        List<int[]> ends = new ArrayList<>();
        tokenizer.beginningId().stream()
                .filter(id -> !beginsWith(segments, id))
                .forEach(assembly.ids::add);
        int next = 0;
        boolean isFirst = true;
        for (PromptSegment segment : segments) {
            begins.add(assembly.ids.size());
            int[] places = {};
            if (segment instanceof PromptSegment.Text text) {
                TokenizedText tokens = tokenize(text.text(), isFirst, assembly.endsWithImage());
                assembly.text(tokens.ids());
                places = tokens.ends();
            } else if (segment instanceof PromptSegment.Special special) {
                assembly.ids.add(requireId(special.token()));
            } else {
                assembly.image(images.get(next++));
            }
            ends.add(places);
            isFirst = false;
        }
        return new SegmentedPrompt(assembly.toPrompt(), begins, ends);
    }

    /** Ids of a text where it stands in place of one of the segments. */
    int[] encode(String text, int segment, List<PromptSegment> segments) {
        boolean isAfterImage =
                segment > 0 && segments.get(segment - 1) instanceof PromptSegment.Image;
        return tokenize(text, segment == 0, isAfterImage).ids();
    }

    /** A template may write the beginning token itself; a prompt has one. */
    private boolean beginsWith(List<PromptSegment> segments, int id) {
        return !segments.isEmpty()
                && segments.get(0) instanceof PromptSegment.Special first
                && requireId(first.token()) == id;
    }

    /**
     * @param isFirst whether the text begins the prompt; the beginning token that the tokenizer
     *     adds does not count
     */
    private TokenizedText tokenize(String text, boolean isFirst, boolean isAfterImage) {
        if (isAfterImage) {
            // Without an image token, the original tokenizes what is between images by itself.
            return imageTokenId == LlavaConfig.IMAGE_SLOT
                    ? tokenizer.tokenizeText(text)
                    : tokenizer.tokenizeAfterImage(text);
        }
        return isFirst ? tokenizer.tokenizeText(text) : tokenizer.tokenizeContinuation(text);
    }

    private int requireId(String token) {
        return tokenizer
                .idOf(token)
                .orElseThrow(
                        () ->
                                new IllegalStateException(
                                        "the tokenizer lacks the template's token " + token));
    }

    /** Ids and spans as they pile up. */
    private final class Assembly {

        private final List<Integer> ids = new ArrayList<>();
        private final List<ImageSpan> spans = new ArrayList<>();

        void text(int[] encoded) {
            IntStream.of(encoded).forEach(ids::add);
        }

        boolean endsWithImage() {
            return !spans.isEmpty() && spans.get(spans.size() - 1).end() == ids.size();
        }

        void image(PreparedImage image) {
            spans.add(new ImageSpan(ids.size(), image));
            for (int token = 0; token < image.tokens(); token++) {
                ids.add(imageTokenId);
            }
        }

        Prompt toPrompt() {
            return new Prompt(ids.stream().mapToInt(Integer::intValue).toArray(), spans);
        }
    }
}
