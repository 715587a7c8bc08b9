package io.sightmill.llava;

import io.sightmill.llava.AnsweredDialogue.Answer;
import io.sightmill.llava.AnsweredDialogue.Place;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Segments of a prompt as they pile up. Neighbouring text is joined, whoever wrote it: a tokenizer
 * reads across the border between template and turn. For one thread.
 */
final class PromptSegments {

    private final Pattern specials;
    private final List<PromptSegment> done = new ArrayList<>();
    private final List<Answer> answers = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();

    /**
     * @param specials from {@link #anyOf}
     */
    PromptSegments(Pattern specials) {
        this.specials = specials;
    }

    /** Finds any of these tokens, the longest first; nothing if there are none. */
    static Pattern anyOf(Set<String> tokens) {
        String alternatives =
                tokens.stream()
                        .filter(token -> !token.isEmpty())
                        .sorted(Comparator.comparingInt(String::length).reversed())
                        .map(Pattern::quote)
                        .collect(Collectors.joining("|"));
        return Pattern.compile(alternatives.isEmpty() ? "(?!)" : alternatives);
    }

    /** The template's own words: a special token's name in them means the token. */
    void template(String own) {
        Matcher matcher = specials.matcher(own);
        int from = 0;
        while (matcher.find()) {
            text.append(own, from, matcher.start());
            endText();
            done.add(new PromptSegment.Special(matcher.group()));
            from = matcher.end();
        }
        text.append(own, from, own.length());
    }

    /** Words from outside: text, whatever they spell. */
    void text(String plain) {
        text.append(plain);
    }

    /** Words to be learned: text, whatever they spell, and where it lies is remembered. */
    void answer(String plain) {
        Place begin = place();
        text.append(plain);
        answers.add(new Answer(begin, place(), plain, false));
    }

    /** What was appended since the latest answer ends it and is learned with it. */
    void endsAnswer() {
        Answer open = answers.remove(answers.size() - 1);
        answers.add(new Answer(open.begin(), place(), open.text(), true));
    }

    private Place place() {
        return new Place(done.size(), text.length());
    }

    AnsweredDialogue toAnswered() {
        return new AnsweredDialogue(toList(), answers);
    }

    /** The slot of the next image. */
    void image() {
        endText();
        done.add(new PromptSegment.Image());
    }

    List<PromptSegment> toList() {
        endText();
        return List.copyOf(done);
    }

    private void endText() {
        if (!text.isEmpty()) {
            done.add(new PromptSegment.Text(text.toString()));
            text.setLength(0);
        }
    }
}
