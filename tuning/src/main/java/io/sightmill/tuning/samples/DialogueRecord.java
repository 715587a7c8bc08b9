package io.sightmill.tuning.samples;

import com.fasterxml.jackson.databind.JsonNode;
import io.sightmill.engine.DialogueTurn;
import io.sightmill.engine.DialogueTurn.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One entry of LLaVA's training JSON: {@code {id, image, conversations: [{from, value}]}}.
 *
 * @param images file names relative to the folder of images; empty for text alone
 * @param turns questions and answers in turn, the image's mark taken out
 */
public record DialogueRecord(String id, List<String> images, List<DialogueTurn> turns) {

    /** Where an image goes. */
    private static final String IMAGE = "<image>";

    private static final Map<String, Role> ROLES =
            Map.of("human", Role.USER, "gpt", Role.ASSISTANT, "system", Role.SYSTEM);

    public DialogueRecord {
        images = List.copyOf(images);
        turns = List.copyOf(turns);
    }

    /**
     * Reads an entry.
     *
     * @throws BadSampleException saying what is missing or wrong
     */
    public static DialogueRecord parse(JsonNode entry) throws BadSampleException {
        if (!entry.isObject()) {
            throw new BadSampleException("is no JSON object");
        }
        String id = entry.path("id").asText("");
        List<String> images = images(entry.path("image"));
        List<DialogueTurn> turns = new ArrayList<>();
        JsonNode conversations = entry.path("conversations");
        if (!conversations.isArray() || conversations.isEmpty()) {
            throw new BadSampleException("'conversations' is missing, empty or no list");
        }
        for (JsonNode turn : conversations) {
            turns.add(turn(turn, turns.size() + 1));
        }
        requireOrder(turns);
        return new DialogueRecord(id, images, withoutMarks(turns, images.size()));
    }

    /** The same as text alone. */
    DialogueRecord withoutImages() {
        return new DialogueRecord(id, List.of(), turns);
    }

    private static List<String> images(JsonNode image) throws BadSampleException {
        List<String> names = new ArrayList<>();
        if (image.isTextual()) {
            names.add(image.textValue());
        } else if (image.isArray()) {
            for (JsonNode each : image) {
                names.add(each.isTextual() ? each.textValue() : "");
            }
        } else if (!image.isMissingNode() && !image.isNull()) {
            throw new BadSampleException("'image' is neither a file name nor a list of them");
        }
        if (names.stream().anyMatch(String::isBlank)) {
            throw new BadSampleException("'image' has a blank file name");
        }
        return names;
    }

    private static DialogueTurn turn(JsonNode turn, int number) throws BadSampleException {
        Role role = ROLES.get(turn.path("from").asText());
        if (role == null) {
            throw new BadSampleException(
                    "'from' of turn %d is '%s' and must be human or gpt"
                            .formatted(number, turn.path("from").asText("missing")));
        }
        if (!turn.path("value").isTextual()) {
            throw new BadSampleException("'value' of turn %d is no text".formatted(number));
        }
        String value = turn.get("value").textValue();
        if (role == Role.ASSISTANT && value.isBlank()) {
            throw new BadSampleException("the answer in turn %d is empty".formatted(number));
        }
        return new DialogueTurn(role, value);
    }

    private static void requireOrder(List<DialogueTurn> turns) throws BadSampleException {
        Role expected = Role.USER;
        for (int i = 0; i < turns.size(); i++) {
            Role role = turns.get(i).role();
            if (role == Role.SYSTEM && i == 0) {
                continue;
            }
            if (role != expected) {
                throw new BadSampleException(
                        "turn %d is from %s; human and gpt must take turns, human first"
                                .formatted(i + 1, role == Role.USER ? "human" : "gpt"));
            }
            expected = role == Role.USER ? Role.ASSISTANT : Role.USER;
        }
        if (expected == Role.ASSISTANT) {
            throw new BadSampleException("the last turn is a question without an answer");
        }
    }

    /** The chat template places images, as at serving; the marks only say how many there are. */
    private static List<DialogueTurn> withoutMarks(List<DialogueTurn> turns, int images)
            throws BadSampleException {
        List<DialogueTurn> clean = new ArrayList<>();
        int marks = 0;
        boolean isFirstQuestion = true;
        for (int i = 0; i < turns.size(); i++) {
            DialogueTurn turn = turns.get(i);
            int here = count(turn.text());
            boolean mayHold = turn.role() == Role.USER && isFirstQuestion;
            if (here > 0 && !mayHold) {
                throw new BadSampleException(
                        "%s stands in turn %d; only the first question can have it"
                                .formatted(IMAGE, i + 1));
            }
            marks += here;
            isFirstQuestion &= turn.role() != Role.USER;
            clean.add(
                    here == 0
                            ? turn
                            : new DialogueTurn(
                                    turn.role(), turn.text().replace(IMAGE, "").strip()));
        }
        if (marks != images) {
            throw new BadSampleException(
                    "%d times %s for %d image(s)".formatted(marks, IMAGE, images));
        }
        return clean;
    }

    private static int count(String text) {
        int found = 0;
        for (int at = text.indexOf(IMAGE); at >= 0; at = text.indexOf(IMAGE, at + 1)) {
            found++;
        }
        return found;
    }
}
