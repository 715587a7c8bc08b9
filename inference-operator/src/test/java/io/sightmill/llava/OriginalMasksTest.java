package io.sightmill.llava;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sightmill.engine.DialogueTurn;
import io.sightmill.engine.DialogueTurn.Role;
import io.sightmill.engine.PreparedImage;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/**
 * Sequences and what is learned of them against figures of the original's own training code, run
 * with the same tokenizers. Five templates are not among them: those of the first version and those
 * with marks around the image, which the original trains on another text than it serves.
 */
class OriginalMasksTest {

    /** Where the image goes, in the original's ids. */
    private static final int IMAGE_MARK = -200;

    private static final int IMAGE = 500;
    private static final int END = 2;
    private static final List<DialogueTurn> DIALOGUE =
            List.of(
                    new DialogueTurn(Role.USER, "What is it? A cat."),
                    new DialogueTurn(Role.ASSISTANT, "A cat."),
                    new DialogueTurn(Role.USER, "What colour?"),
                    new DialogueTurn(Role.ASSISTANT, "Black, I think"));

    @ParameterizedTest
    @EnumSource(
            names = {"V1", "VICUNA_V1", "LLAVA_V1", "LLAMA_2", "LLAVA_LLAMA_2", "MISTRAL_INSTRUCT"})
    void aDialogueIsMaskedAsTheOriginalMasksIt(ConversationTemplate template) throws IOException {
        assertEqual(template, encode(template, DIALOGUE, "tiny-llava", Set.of("<s>", "</s>")), 0);
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.MATCH_ALL, names = ".*PLAIN")
    void aCaptionIsMaskedAsTheOriginalMasksIt(ConversationTemplate template) throws IOException {
        List<DialogueTurn> caption = DIALOGUE.subList(0, 2);

        assertEqual(template, encode(template, caption, "tiny-llava", Set.of("<s>", "</s>")), 0);
    }

    // Of the first answer the original learns one token too far to the left: the line feed before
    // it, and not what ends it. From the second question on it is equal.
    @ParameterizedTest
    @EnumSource(names = {"MPT", "CHATML_DIRECT", "MISTRAL_DIRECT"})
    void aChatMlDialogueIsMaskedAsTheOriginalMeansIt(ConversationTemplate template)
            throws IOException {
        Set<String> specials = Set.of("<s>", "</s>", "<|im_start|>", "<|im_end|>");
        TrainingSample sample = encode(template, DIALOGUE, "masks", specials);
        int[] ids = sample.sequence().tokenIds();
        int secondQuestion = ids.length - 1;
        for (int starts = 0; starts < 2; secondQuestion--) {
            starts += ids[secondQuestion] == ids[ids.length - 1] - 1 ? 1 : 0;
        }

        assertEqual(template, sample, secondQuestion);
        assertThat(Arrays.stream(sample.targets()).filter(each -> each >= 0).count())
                .isEqualTo(Arrays.stream(labels(template)).filter(each -> each >= 0).count());
    }

    private static void assertEqual(ConversationTemplate template, TrainingSample sample, int from)
            throws IOException {
        assertThat(sample.sequence().tokenIds())
                .isEqualTo(ReferenceFiles.ids(reference(template, "ids")));
        // A target stands where its token is predicted: one before the original's label.
        int[] labels = labels(template);
        int[] shifted = Arrays.copyOf(Arrays.copyOfRange(labels, 1, labels.length), labels.length);
        shifted[labels.length - 1] = TrainingSample.IGNORED;
        assertThat(Arrays.copyOfRange(sample.targets(), from, labels.length))
                .isEqualTo(Arrays.copyOfRange(shifted, from, labels.length));
    }

    private static int[] labels(ConversationTemplate template) throws IOException {
        return ReferenceFiles.ids(reference(template, "labels"));
    }

    private static JsonNode reference(ConversationTemplate template, String key)
            throws IOException {
        return ReferenceFiles.json("masks/masks.json").get(template.templateName()).get(key);
    }

    /** With one position an image, and the original's mark for it. */
    private static TrainingSample encode(
            ConversationTemplate template,
            List<DialogueTurn> turns,
            String tokenizerDirectory,
            Set<String> specials) {
        try (Tokenizer tokenizer = Tokenizer.load(ReferenceFiles.path(tokenizerDirectory))) {
            TrainingSample sample =
                    new SampleAssembler(
                                    new PromptAssembler(
                                            tokenizer,
                                            new OriginalTemplate(template, specials),
                                            IMAGE),
                                    tokenizer,
                                    List.of(END))
                            .assemble(
                                    new OriginalTemplate(template, specials)
                                            .renderAnswered(turns, 1),
                                    List.of(onePosition()));
            int[] ids = sample.sequence().tokenIds();
            for (int at = 0; at < ids.length; at++) {
                ids[at] = ids[at] == IMAGE ? IMAGE_MARK : ids[at];
            }
            return sample;
        }
    }

    private static PreparedImage onePosition() {
        return new PreparedImage() {
            @Override
            public String key() {
                return "picture";
            }

            @Override
            public int tokens() {
                return 1;
            }
        };
    }
}
