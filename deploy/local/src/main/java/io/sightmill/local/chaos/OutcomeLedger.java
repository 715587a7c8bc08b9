package io.sightmill.local.chaos;

import io.sightmill.ingest.archive.OutcomeListener;
import io.sightmill.schema.Answer;
import io.sightmill.schema.Embedding;
import io.sightmill.schema.Rejection;
import io.sightmill.schema.codec.UndecodableRecordException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Every committed outcome of one run: by request and outcome the contents, of which there must be
 * one. Used by the thread that reads.
 */
final class OutcomeLedger implements OutcomeListener {

    private static final String NO_RECORD = "no record ";

    private final String run;
    private final Map<String, Map<String, List<String>>> contents = new HashMap<>();
    private int distinct;
    private long undecodable;

    /**
     * @param run what the names of its requests begin with
     */
    OutcomeLedger(String run) {
        this.run = run;
    }

    /** How many different outcomes there are. */
    int size() {
        return distinct;
    }

    /** What was committed for an outcome of a request: empty if it is missing. */
    List<String> of(String request, String outcome) {
        return contents.getOrDefault(run + request, Map.of()).getOrDefault(outcome, List.of());
    }

    /** Whether the request has all its outcomes. */
    boolean isComplete(ChaosRequest request) {
        return contents.getOrDefault(run + request.name(), Map.of()).size()
                >= request.outcomes().size();
    }

    /** Outcomes that nobody asked for, and records of outcome topics that are none. */
    long unexpected(List<ChaosRequest> requests) {
        Map<String, ChaosRequest> byName = new HashMap<>();
        requests.forEach(request -> byName.put(run + request.name(), request));
        long unasked = 0;
        for (var entry : contents.entrySet()) {
            ChaosRequest request = byName.get(entry.getKey());
            for (String outcome : entry.getValue().keySet()) {
                if (request == null || !request.outcomes().contains(outcome)) {
                    unasked++;
                }
            }
        }
        return unasked + undecodable;
    }

    @Override
    public void onAnswer(Answer answer) {
        add(
                answer.getRequestId(),
                ChaosRequest.answer(answer.getTaskId()),
                "%s %s %d %s %s"
                        .formatted(
                                answer.getFinishReason(),
                                answer.getLabelScores(),
                                answer.getUsage().getCompletionTokens(),
                                answer.getProvenance().getPromptSha256(),
                                answer.getText()));
    }

    @Override
    public void onEmbedding(Embedding embedding) {
        add(
                embedding.getRequestId(),
                ChaosRequest.embedding(embedding.getTaskId()),
                embedding.getVector().toString());
    }

    @Override
    public void onRejection(Rejection rejection) {
        String request = rejection.getRequestId();
        if (request == null) {
            String payload = StandardCharsets.UTF_8.decode(rejection.getPayload()).toString();
            request = payload.startsWith(NO_RECORD) ? payload.substring(NO_RECORD.length()) : run;
        }
        add(request, ChaosRequest.REJECTION, rejection.getStage() + " " + rejection.getReason());
    }

    @Override
    public void onUndecodable(String where, UndecodableRecordException exception) {
        undecodable++;
    }

    private void add(String request, String outcome, String content) {
        if (!request.startsWith(run)) {
            return;
        }
        List<String> committed =
                contents.computeIfAbsent(request, name -> new HashMap<>())
                        .computeIfAbsent(outcome, name -> new ArrayList<>());
        if (committed.isEmpty()) {
            distinct++;
        }
        committed.add(content);
    }
}
