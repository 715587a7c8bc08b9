package io.sightmill.tuning.instruct.chat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sightmill.tuning.JsonLines;
import io.sightmill.tuning.instruct.Exchange;
import io.sightmill.tuning.instruct.SampleKind;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Exchanges out of a chat model's words, which must be {@code {"exchanges": [{"question",
 * "answer"}]}}, bare or in one Markdown fence. Everything else is malformed.
 */
final class LessonText {

    private static final int MOST_QUESTION = 2_000;
    private static final int MOST_ANSWER = 10_000;

    private static final ObjectMapper MAPPER =
            new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private static final Pattern FENCE =
            Pattern.compile("```(?:json)?\\s*\\n(.*)\\n\\s*```", Pattern.DOTALL);

    /** Words of one who was told of a picture; the one to be taught sees it. */
    private static final Pattern OF_THE_TOLD =
            Pattern.compile(
                    "\\b(captions?|bounding box(es)?|coordinates?)\\b", Pattern.CASE_INSENSITIVE);

    private LessonText() {}

    /**
     * @param mostExchanges most questions of a conversation; other kinds have one
     * @throws IllegalArgumentException saying what is malformed
     */
    static List<Exchange> parse(String text, SampleKind kind, int mostExchanges) {
        List<Exchange> exchanges = new ArrayList<>();
        for (JsonNode each : JsonLines.array(object(text), "exchanges")) {
            exchanges.add(exchange(each));
        }
        int most = kind == SampleKind.CONVERSATION ? mostExchanges : 1;
        if (exchanges.isEmpty() || exchanges.size() > most) {
            throw new IllegalArgumentException(
                    "has %d exchanges and must have 1 to %d".formatted(exchanges.size(), most));
        }
        return exchanges;
    }

    private static JsonNode object(String text) {
        String bare = text.strip();
        var fence = FENCE.matcher(bare);
        try {
            JsonNode object = MAPPER.readTree(fence.matches() ? fence.group(1) : bare);
            if (object.isObject()) {
                return object;
            }
            throw new IllegalArgumentException("is no JSON object");
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("is no JSON: " + e.getOriginalMessage(), e);
        }
    }

    private static Exchange exchange(JsonNode each) {
        String question = JsonLines.text(each, "question").strip();
        String answer = JsonLines.text(each, "answer").strip();
        if (question.length() > MOST_QUESTION || answer.length() > MOST_ANSWER) {
            throw new IllegalArgumentException(
                    "has a question of %d and an answer of %d characters; at most %d and %d are taken"
                            .formatted(
                                    question.length(),
                                    answer.length(),
                                    MOST_QUESTION,
                                    MOST_ANSWER));
        }
        var told = OF_THE_TOLD.matcher(question + "\n" + answer);
        if (told.find()) {
            throw new IllegalArgumentException(
                    "speaks of '%s', as nobody does who sees the picture".formatted(told.group()));
        }
        return new Exchange(question, answer);
    }
}
