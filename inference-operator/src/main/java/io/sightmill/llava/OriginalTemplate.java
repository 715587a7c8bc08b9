package io.sightmill.llava;

import io.sightmill.engine.DialogueTurn;
import io.sightmill.engine.DialogueTurn.Role;
import io.sightmill.llava.ConversationTemplate.ImagePlace;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Renders one of the conversation templates of the original repository, as its demo does: the
 * template places the images. A system turn at the head takes the place of the template's system
 * text. Thread-safe.
 */
final class OriginalTemplate implements ChatTemplate {

    private final ConversationTemplate template;
    private final ConversationForm form;
    private final Pattern specials;

    /**
     * @param specials the tokenizer's special tokens; a name that is not among them is text, as it
     *     is to the original's tokenizer
     */
    OriginalTemplate(ConversationTemplate template, Set<String> specials) {
        this.template = template;
        this.form = template.form();
        this.specials = PromptSegments.anyOf(specials);
    }

    @Override
    public List<PromptSegment> render(List<DialogueTurn> turns, int imageCount) {
        return render(turns, imageCount, template.place(), true);
    }

    /**
     * A dialogue of the plain form is an image and its caption, as the original aligns projectors:
     * what the user says is left out, and no line feed stands behind the image.
     */
    @Override
    public AnsweredDialogue renderAnswered(List<DialogueTurn> turns, int imageCount) {
        if (form.assistantTail() == null) {
            return captioned(turns, imageCount);
        }
        return segments(turns, imageCount, template.place()).toAnswered();
    }

    private AnsweredDialogue captioned(List<DialogueTurn> turns, int imageCount) {
        boolean isCaption =
                turns.size() == 2
                        && turns.get(0).role() == Role.USER
                        && turns.get(1).role() == Role.ASSISTANT;
        if (!isCaption) {
            throw new PromptRefusedException(
                    "the chat template %s takes one question and one answer"
                            .formatted(template.templateName()));
        }
        PromptSegments segments = new PromptSegments(specials);
        images(segments, "", "", imageCount);
        segments.answer(turns.get(1).text());
        segments.template(form.userTail());
        segments.endsAnswer();
        return segments.toAnswered();
    }

    /** What stands behind each answer, where that is no token of the tokenizer's. */
    @Override
    public List<String> stopStrings() {
        return ends().filter(end -> !specials.matcher(end).matches()).toList();
    }

    @Override
    public Set<String> endTokens() {
        return ends().filter(end -> specials.matcher(end).matches()).collect(Collectors.toSet());
    }

    private Stream<String> ends() {
        return Stream.ofNullable(form.assistantTail()).map(String::strip);
    }

    /**
     * @param isAnswerAwaited false for a whole dialogue, as tuning reads it
     */
    List<PromptSegment> render(
            List<DialogueTurn> turns, int imageCount, ImagePlace place, boolean isAnswerAwaited) {
        PromptSegments segments = segments(turns, imageCount, place);
        if (isAnswerAwaited) {
            segments.template(form.awaited());
        }
        return segments.toList();
    }

    private PromptSegments segments(List<DialogueTurn> turns, int imageCount, ImagePlace place) {
        boolean hasSystem = !turns.isEmpty() && turns.get(0).role() == Role.SYSTEM;
        List<DialogueTurn> rest = hasSystem ? turns.subList(1, turns.size()) : turns;
        requireForm(rest);
        PromptSegments segments = new PromptSegments(specials);
        segments.template(form.opening());
        system(segments, hasSystem ? turns.get(0).text() : template.system());
        boolean isFirst = true;
        if (template.hasPresetTurns()) {
            user(segments, isFirst, ConversationSentences.PRESET_QUESTION);
            assistant(segments, ConversationSentences.PRESET_ANSWER);
            isFirst = false;
        }
        boolean imagesPlaced = imageCount == 0;
        for (DialogueTurn turn : rest) {
            if (turn.role() == Role.ASSISTANT) {
                answer(segments, turn.text());
            } else if (imagesPlaced) {
                user(segments, isFirst, turn.text());
            } else {
                withImages(segments, isFirst, turn.text(), imageCount, place);
                imagesPlaced = true;
            }
            isFirst = false;
        }
        return segments;
    }

    private void requireForm(List<DialogueTurn> turns) {
        String name = template.templateName();
        if (turns.isEmpty() || turns.get(0).role() != Role.USER) {
            throw new PromptRefusedException(
                    "the chat template %s needs a dialogue that begins with a user turn"
                            .formatted(name));
        }
        for (DialogueTurn turn : turns) {
            if (turn.role() == Role.SYSTEM) {
                throw new PromptRefusedException(
                        "the chat template %s takes a system turn at the head only"
                                .formatted(name));
            }
            if (turn.role() == Role.ASSISTANT && form.assistantTail() == null) {
                throw new PromptRefusedException(
                        "the chat template %s has no form for an assistant turn".formatted(name));
            }
        }
    }

    private void system(PromptSegments segments, String text) {
        if (!text.isEmpty()) {
            segments.template(form.systemHead());
            segments.text(text);
            segments.template(form.systemTail());
        }
    }

    /** The original strips the turn that it moves an image to the head of. */
    private void withImages(
            PromptSegments segments, boolean isFirst, String text, int count, ImagePlace place) {
        if (place == ImagePlace.OWN_TURN) {
            segments.template(isFirst ? form.firstUserHead() : form.userHead());
            images(segments, "<Image>", "</Image>", count);
            segments.template(form.userTail());
            assistant(segments, "Received.");
            user(segments, false, text.strip());
            return;
        }
        segments.template(isFirst ? form.firstUserHead() : form.userHead());
        if (place == ImagePlace.BEFORE_TEXT) {
            images(segments, "", "\n", count);
            segments.text(text.strip());
        } else {
            segments.text(text);
            images(segments, "\n", "", count);
        }
        segments.template(form.userTail());
    }

    private static void images(PromptSegments segments, String head, String tail, int count) {
        for (int image = 0; image < count; image++) {
            segments.text(head);
            segments.image();
            segments.text(tail);
        }
    }

    private void user(PromptSegments segments, boolean isFirst, String text) {
        segments.template(isFirst ? form.firstUserHead() : form.userHead());
        segments.text(text);
        segments.template(form.userTail());
    }

    /** An answer of the dialogue's own; those of the template are no answers to learn. */
    private void answer(PromptSegments segments, String text) {
        segments.template(form.assistantHead());
        segments.answer(text);
        segments.template(form.assistantTail());
        segments.endsAnswer();
    }

    private void assistant(PromptSegments segments, String text) {
        segments.template(form.assistantHead());
        segments.text(text);
        segments.template(form.assistantTail());
    }
}
