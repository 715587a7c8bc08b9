package io.sightmill.llava;

import java.util.ArrayList;
import java.util.List;

/**
 * A whole dialogue as a model learns it: a prompt that goes on with its answers.
 *
 * @param answers what is learned, oldest first
 */
public record AnsweredDialogue(List<PromptSegment> segments, List<Answer> answers) {

    /**
     * A place between two characters, or between two segments.
     *
     * @param segment the index of the segment behind it
     * @param offset UTF-16 units into that segment, where it is text; 0 where it is none
     */
    public record Place(int segment, int offset) {}

    /**
     * A stretch that is learned: what is answered, and what ends it where the template has
     * something for that.
     *
     * @param text what is answered, without its end
     * @param isEnded whether the stretch holds an end; where it does not, the model's end token is
     *     to be learned after it, though something else follows
     */
    public record Answer(Place begin, Place end, String text, boolean isEnded) {}

    public AnsweredDialogue {
        segments = List.copyOf(segments);
        answers = List.copyOf(answers);
    }

    /** The same with a special token before and after each image. */
    AnsweredDialogue withFramedImages(String before, String after) {
        List<PromptSegment> framed = new ArrayList<>();
        List<Integer> moved = new ArrayList<>();
        for (PromptSegment segment : segments) {
            moved.add(framed.size());
            if (segment instanceof PromptSegment.Image) {
                framed.add(new PromptSegment.Special(before));
                framed.add(segment);
                framed.add(new PromptSegment.Special(after));
            } else {
                framed.add(segment);
            }
        }
        moved.add(framed.size());
        return new AnsweredDialogue(
                framed,
                answers.stream()
                        .map(
                                answer ->
                                        new Answer(
                                                moved(answer.begin(), moved),
                                                moved(answer.end(), moved),
                                                answer.text(),
                                                answer.isEnded()))
                        .toList());
    }

    private static Place moved(Place place, List<Integer> segments) {
        return new Place(segments.get(place.segment()), place.offset());
    }
}
