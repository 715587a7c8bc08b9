package io.sightmill.llava;

import io.sightmill.engine.DialogueTurn;
import io.sightmill.engine.DialogueTurn.Role;
import io.sightmill.engine.ModelLoadException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A checkpoint's own chat template, in Jinja, as {@code apply_chat_template} of Hugging Face
 * transformers renders it. Thread-safe.
 *
 * <p>The template never sees what a turn says: it is rendered with a random stand-in for each text,
 * and the texts are put in afterwards, as {@link PromptSegment.Text}. A second rendering, with the
 * texts themselves, proves that the template did nothing else with them; white space at a text's
 * ends stays visible to it, so that it may strip it.
 */
final class JinjaTemplate implements ChatTemplate {

    private static final List<DialogueTurn> PROBE = List.of(new DialogueTurn(Role.USER, "probe"));

    private final String prepared;
    private final Map<String, Object> names;
    private final MessageShape shape;
    private final String imageToken;
    private final Pattern specials;

    private JinjaTemplate(
            String prepared,
            SpecialTokenNames names,
            MessageShape shape,
            String imageToken,
            Pattern specials) {
        this.prepared = prepared;
        this.names = Map.copyOf(names.byKey());
        this.shape = shape;
        this.imageToken = imageToken;
        this.specials = specials;
    }

    /**
     * Reads a template and tries it on a question about an image, with the shapes of messages that
     * templates are written for.
     *
     * @param source names the template in messages
     * @param names what the template may call special tokens
     * @param specials the tokenizer's special tokens
     * @param imageToken what the template writes where an image goes
     * @throws ModelLoadException if it is broken or has no place for an image
     */
    static JinjaTemplate open(
            String source,
            String text,
            SpecialTokenNames names,
            Set<String> specials,
            String imageToken) {
        try {
            String prepared = JinjaSource.prepare(text);
            Pattern pattern = PromptSegments.anyOf(specials);
            List<String> faults = new ArrayList<>();
            for (MessageShape shape : MessageShape.values()) {
                JinjaTemplate template =
                        new JinjaTemplate(prepared, names, shape, imageToken, pattern);
                Optional<String> fault = template.fault();
                if (fault.isEmpty()) {
                    return template;
                }
                faults.add("with content as %s: %s".formatted(shape.description(), fault.get()));
            }
            throw new JinjaException(String.join("; ", faults));
        } catch (JinjaException e) {
            throw new ModelLoadException(
                    "the chat template of %s cannot be used: %s. Name another one: %s"
                            .formatted(
                                    source,
                                    e.getMessage(),
                                    String.join(", ", ChatTemplates.names())),
                    e);
        }
    }

    /** Whether it renders the same at any time: it may ask what day it is. */
    static boolean isTimeless(String text) {
        return !text.contains(JinjaLibrary.NOW);
    }

    private Optional<String> fault() {
        try {
            render(PROBE, 1);
            return Optional.empty();
        } catch (PromptRefusedException e) {
            return Optional.of(e.getMessage());
        }
    }

    @Override
    public List<PromptSegment> render(List<DialogueTurn> turns, int imageCount) {
        return segments(turns, imageCount, true).segments();
    }

    @Override
    public AnsweredDialogue renderAnswered(List<DialogueTurn> turns, int imageCount) {
        return segments(turns, imageCount, false);
    }

    private AnsweredDialogue segments(
            List<DialogueTurn> turns, int imageCount, boolean isAnswerAwaited) {
        StandIns standIns = new StandIns(turns);
        String form = rendered(standIns.turns(), imageCount, isAnswerAwaited);
        PromptSegments segments = new PromptSegments(specials);
        StringBuilder whole = new StringBuilder();
        standIns.split(
                form,
                own -> {
                    addOwn(segments, own);
                    whole.append(own);
                },
                (said, turn) -> {
                    if (turns.get(turn).role() == Role.ASSISTANT) {
                        segments.answer(said);
                    } else {
                        segments.text(said);
                    }
                    whole.append(said);
                });
        if (!whole.toString().equals(rendered(turns, imageCount, isAnswerAwaited))) {
            throw new PromptRefusedException(
                    "the chat template changes the text of a turn, or chooses by it");
        }
        AnsweredDialogue done = segments.toAnswered();
        requireSlots(done.segments(), imageCount);
        return done;
    }

    private static void requireSlots(List<PromptSegment> segments, int imageCount) {
        long slots = segments.stream().filter(PromptSegment.Image.class::isInstance).count();
        if (slots != imageCount) {
            throw new PromptRefusedException(
                    "the chat template has %d places for %d images".formatted(slots, imageCount));
        }
    }

    private String rendered(List<DialogueTurn> turns, int imageCount, boolean isAnswerAwaited) {
        Map<String, Object> variables = new HashMap<>(names);
        variables.put("messages", shape.messages(turns, imageCount, imageToken));
        variables.put("add_generation_prompt", isAnswerAwaited);
        try {
            return JinjaLibrary.shared().render(prepared, variables);
        } catch (JinjaException e) {
            throw new PromptRefusedException("the chat template: " + e.getMessage(), e);
        }
    }

    /** The template's own words: its image token is a slot, its special tokens are tokens. */
    private void addOwn(PromptSegments segments, String own) {
        int from = 0;
        for (int at = own.indexOf(imageToken); at >= 0; at = own.indexOf(imageToken, from)) {
            segments.template(own.substring(from, at));
            segments.image();
            from = at + imageToken.length();
        }
        segments.template(own.substring(from));
    }
}
