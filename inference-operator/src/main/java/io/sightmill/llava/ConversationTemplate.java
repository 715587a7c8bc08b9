package io.sightmill.llava;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The sixteen conversation templates of the original LLaVA repository
 * (https://github.com/haotian-liu/LLaVA, llava/conversation.py), under their names there.
 */
enum ConversationTemplate {
    DEFAULT(ConversationForm.SINGLE, ConversationSentences.CURIOUS_HUMAN, ImagePlace.BEHIND_TEXT),
    V0(ConversationForm.SINGLE, ConversationSentences.CURIOUS_HUMAN, ImagePlace.BEHIND_TEXT),
    V1(ConversationForm.TWO, ConversationSentences.CURIOUS_USER, ImagePlace.BEFORE_TEXT),
    VICUNA_V1(ConversationForm.TWO, ConversationSentences.CURIOUS_USER, ImagePlace.BEFORE_TEXT),
    LLAMA_2(ConversationForm.LLAMA_2, ConversationSentences.RESPECTFUL, ImagePlace.BEFORE_TEXT),
    MISTRAL_INSTRUCT(ConversationForm.MISTRAL, "", ImagePlace.BEFORE_TEXT),
    CHATML_DIRECT(ConversationForm.MPT, ConversationSentences.ANSWER, ImagePlace.BEFORE_TEXT),
    MISTRAL_DIRECT(ConversationForm.MPT, ConversationSentences.ANSWER, ImagePlace.BEFORE_TEXT),
    PLAIN(ConversationForm.PLAIN, "", ImagePlace.BEFORE_TEXT),
    V0_PLAIN(ConversationForm.PLAIN, "", ImagePlace.BEFORE_TEXT),
    LLAVA_V0(ConversationForm.SINGLE, ConversationSentences.CURIOUS_HUMAN, ImagePlace.BEFORE_TEXT),
    V0_MMTAG(ConversationForm.SINGLE, ConversationSentences.MARKED_IMAGES, ImagePlace.OWN_TURN),
    LLAVA_V1(ConversationForm.TWO, ConversationSentences.CURIOUS_HUMAN, ImagePlace.BEFORE_TEXT),
    V1_MMTAG(ConversationForm.TWO, ConversationSentences.MARKED_IMAGES, ImagePlace.OWN_TURN),
    LLAVA_LLAMA_2(
            ConversationForm.LLAMA_2,
            ConversationSentences.VISION_ASSISTANT,
            ImagePlace.BEFORE_TEXT),
    MPT(ConversationForm.MPT, ConversationSentences.HONEST_ANSWERS, ImagePlace.BEFORE_TEXT);

    /** Where the images of a dialogue go when the template may choose. */
    enum ImagePlace {
        /** At the head of the first user turn, each followed by a line feed. */
        BEFORE_TEXT,
        /** At the end of the first user turn, each behind a line feed. */
        BEHIND_TEXT,
        /** In a turn before it, between tags and acknowledged. */
        OWN_TURN
    }

    private final ConversationForm form;
    private final String system;
    private final ImagePlace place;

    ConversationTemplate(ConversationForm form, String system, ImagePlace place) {
        this.form = form;
        this.system = system;
        this.place = place;
    }

    /** The template of this name, as the original writes it. */
    static Optional<ConversationTemplate> named(String name) {
        return Arrays.stream(values())
                .filter(template -> template.templateName().equals(name))
                .findFirst();
    }

    static List<String> names() {
        return Arrays.stream(values()).map(ConversationTemplate::templateName).toList();
    }

    /** The original's rule from a model's name to the template it was tuned on. */
    static ConversationTemplate forModel(String modelName) {
        String name = modelName.toLowerCase(Locale.ROOT);
        if (name.contains("llama-2")) {
            return LLAVA_LLAMA_2;
        }
        if (name.contains("mistral")) {
            return MISTRAL_INSTRUCT;
        }
        if (name.contains("v1.6-34b")) {
            return CHATML_DIRECT;
        }
        if (name.contains("v1")) {
            return LLAVA_V1;
        }
        return name.contains("mpt") ? MPT : LLAVA_V0;
    }

    String templateName() {
        return name().toLowerCase(Locale.ROOT);
    }

    ConversationForm form() {
        return form;
    }

    /** What stands in for a system turn; empty for none. */
    String system() {
        return system;
    }

    ImagePlace place() {
        return place;
    }

    /** Whether a question and an answer of the template's own come first. */
    boolean hasPresetTurns() {
        return place == ImagePlace.BEHIND_TEXT;
    }
}
