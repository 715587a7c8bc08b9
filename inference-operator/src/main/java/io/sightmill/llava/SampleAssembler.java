package io.sightmill.llava;

import io.sightmill.engine.ImageSpan;
import io.sightmill.engine.PreparedImage;
import io.sightmill.engine.Prompt;
import io.sightmill.llava.AnsweredDialogue.Answer;
import io.sightmill.llava.AnsweredDialogue.Place;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Answered dialogues to sequences and the ids that are learned: the answers and what ends each of
 * them, and nothing of system text, questions or images. Thread-safe.
 *
 * <p>A token that reaches over the border into an answer, as the space before its first word does,
 * is the answer's. Where the tokens found do not spell the answer, nothing of the sample is
 * learned: its lengths disagree, as the original calls it.
 */
final class SampleAssembler {

    private final PromptAssembler prompts;
    private final Tokenizer tokenizer;
    private final Set<Integer> endTokens;

    /**
     * @param endTokens what ends an answer for the model; where the template has nothing for that,
     *     the lowest is learned
     */
    SampleAssembler(PromptAssembler prompts, Tokenizer tokenizer, Collection<Integer> endTokens) {
        this.prompts = prompts;
        this.tokenizer = tokenizer;
        this.endTokens = new TreeSet<>(endTokens);
    }

    TrainingSample assemble(AnsweredDialogue dialogue, List<? extends PreparedImage> images) {
        SegmentedPrompt whole = prompts.assembleSegmented(dialogue.segments(), images);
        int[] ids = whole.prompt().tokenIds();
        int[] targets = new int[ids.length];
        Arrays.fill(targets, TrainingSample.IGNORED);
        int end = 0;
        for (Answer answer : dialogue.answers()) {
            Answer ended = withOwnEnd(answer, dialogue.segments());
            int from = tokenAt(beforeBlanks(ended.begin(), dialogue), dialogue.segments(), whole);
            int to = endOf(ended, from, dialogue.segments(), whole);
            if (from < 1 || to <= from || !spells(ids, from, to, ended, dialogue.segments())) {
                Arrays.fill(targets, TrainingSample.IGNORED);
                return new TrainingSample(whole.prompt(), targets);
            }
            System.arraycopy(ids, from, targets, from - 1, to - from);
            if (!ended.isEnded()) {
                targets[to - 1] = endTokens.iterator().next();
            }
            end = to;
        }
        return cut(whole.prompt(), targets, end);
    }

    /** The same sample once more. */
    TrainingSample assembleAgain(
            AnsweredDialogue dialogue,
            List<? extends PreparedImage> images,
            LearnedStretches known) {
        Prompt whole = prompts.assembleSegments(dialogue.segments(), images);
        return cut(whole, known.targets(whole.tokenIds()), known.length());
    }

    /** All of a text and the end after it. */
    TrainingSample text(String text) {
        List<PromptSegment> segments = List.of(new PromptSegment.Text(text));
        Place end = new Place(1, 0);
        Answer all = new Answer(new Place(0, 0), end, text, false);
        return assemble(new AnsweredDialogue(segments, List.of(all)), List.of());
    }

    /** An end token of the model's that the template writes behind an answer is learned with it. */
    private Answer withOwnEnd(Answer answer, List<PromptSegment> segments) {
        if (answer.isEnded()) {
            return answer;
        }
        int next = answer.end().segment();
        if (next < segments.size() && segments.get(next) instanceof PromptSegment.Text text) {
            if (!text.text().substring(answer.end().offset()).isBlank()) {
                return answer;
            }
            next++;
        }
        boolean isEnd =
                next < segments.size()
                        && segments.get(next) instanceof PromptSegment.Special special
                        && endTokens.contains(tokenizer.idOf(special.token()).orElse(-1));
        return isEnd
                ? new Answer(answer.begin(), new Place(next + 1, 0), answer.text(), true)
                : answer;
    }

    /**
     * The blanks before an answer are its own, as the original has it: a prompt that serves ends
     * without them, so where they are a token of theirs, it is the first that has to be said.
     */
    private static Place beforeBlanks(Place place, AnsweredDialogue dialogue) {
        if (place.offset() == 0) {
            return place;
        }
        String text = ((PromptSegment.Text) dialogue.segments().get(place.segment())).text();
        int offset = place.offset();
        while (offset > 0 && text.charAt(offset - 1) == ' ') {
            offset--;
        }
        return new Place(place.segment(), offset);
    }

    /** The first token that is not wholly before a place. */
    private int tokenAt(Place place, List<PromptSegment> segments, SegmentedPrompt whole) {
        if (place.segment() >= segments.size()) {
            return whole.prompt().length();
        }
        int begin = whole.begins().get(place.segment());
        if (place.offset() == 0) {
            return begin;
        }
        String text = ((PromptSegment.Text) segments.get(place.segment())).text();
        int end =
                place.segment() + 1 < segments.size()
                        ? whole.begins().get(place.segment() + 1)
                        : whole.prompt().length();
        if (place.offset() == text.length()) {
            return end;
        }
        int[] all = Arrays.copyOfRange(whole.prompt().tokenIds(), begin, end);
        int[] before = prompts.encode(text.substring(0, place.offset()), place.segment(), segments);
        int shared = Arrays.mismatch(before, all);
        return begin + (shared < 0 ? all.length : Math.min(shared, all.length));
    }

    /** The token behind an answer. Where the tokenizer knows it, nothing is tokenized again. */
    private int endOf(
            Answer answer, int from, List<PromptSegment> segments, SegmentedPrompt whole) {
        Place end = answer.end();
        if (end.segment() < segments.size() && end.offset() > 0) {
            int likely = whole.likelyTokenBehind(end.segment(), end.offset());
            if (likely > from
                    && spells(whole.prompt().tokenIds(), from, likely, answer, segments)) {
                return likely;
            }
        }
        return tokenAt(end, segments, whole);
    }

    private boolean spells(
            int[] ids, int from, int to, Answer answer, List<PromptSegment> segments) {
        StringBuilder expected = new StringBuilder();
        for (int at = answer.begin().segment(); at <= answer.end().segment(); at++) {
            if (at < segments.size() && segments.get(at) instanceof PromptSegment.Text text) {
                int begin = at == answer.begin().segment() ? answer.begin().offset() : 0;
                int end =
                        at == answer.end().segment() ? answer.end().offset() : text.text().length();
                expected.append(text.text(), begin, end);
            }
        }
        String learned = tokenizer.decode(Arrays.copyOfRange(ids, from, to));
        return learned.strip().equals(expected.toString().strip());
    }

    /** What stands behind the last answer teaches nothing. */
    private static TrainingSample cut(Prompt prompt, int[] targets, int end) {
        int length = Math.min(targets.length, end);
        List<ImageSpan> images = new ArrayList<>();
        for (ImageSpan span : prompt.images()) {
            if (span.end() <= length) {
                images.add(span);
            }
        }
        return new TrainingSample(
                new Prompt(Arrays.copyOf(prompt.tokenIds(), length), images),
                Arrays.copyOf(targets, length));
    }
}
