package io.sightmill.local.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sightmill.schema.Answer;
import io.sightmill.schema.TokenLogProbability;
import java.util.List;

/** An answer as the JSON object that {@code caption} and {@code ask --json} print. */
final class AnswerJson {

    private AnswerJson() {}

    static ObjectNode of(String path, Answer answer) {
        ObjectNode line = JsonNodeFactory.instance.objectNode();
        line.put("path", path).put("status", "answered").put("text", answer.getText());
        line.put("finishReason", answer.getFinishReason().name());
        line.put("requestId", answer.getRequestId());
        if (!answer.getLabelScores().isEmpty()) {
            ObjectNode scores = line.putObject("labelScores");
            answer.getLabelScores().forEach(scores::put);
        }
        if (!answer.getTokenLogProbabilities().isEmpty()) {
            line.set("tokenLogProbabilities", tokens(answer.getTokenLogProbabilities()));
        }
        line.set("usage", RecordJson.toJson(answer.getUsage()));
        line.set("timings", RecordJson.toJson(answer.getTimings()));
        line.set("provenance", RecordJson.toJson(answer.getProvenance()));
        return line;
    }

    private static ArrayNode tokens(List<TokenLogProbability> tokens) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        tokens.forEach(token -> array.add(RecordJson.toJson(token)));
        return array;
    }
}
