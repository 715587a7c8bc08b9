package io.sightmill.llava;

import io.sightmill.engine.EngineListener;
import io.sightmill.engine.FinishReason;
import io.sightmill.engine.RequestRejectedException;
import io.sightmill.engine.SequenceId;
import io.sightmill.engine.SequenceRequest;
import io.sightmill.engine.SequenceResult;
import io.sightmill.engine.TokenLogProbabilities;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What sequences gave, and how that differs from what they gave another time, bit for bit. */
final class CollectedResults implements EngineListener {

    private final Map<SequenceId, SequenceResult> results = new HashMap<>();
    private final Map<SequenceId, String> failures = new HashMap<>();

    @Override
    public void onToken(SequenceId id, int tokenId) {}

    /** One that was cancelled goes on elsewhere, or nobody wants it. */
    @Override
    public void onFinished(SequenceResult result) {
        if (result.finishReason() != FinishReason.CANCELLED) {
            results.put(result.request().id(), result);
        }
    }

    @Override
    public void onFailed(SequenceRequest request, RequestRejectedException failure) {
        failures.put(request.id(), failure.getMessage());
    }

    /** Why a sequence failed; empty if it did not. */
    Optional<String> failure(SequenceId id) {
        return Optional.ofNullable(failures.get(id));
    }

    /** Takes over what others hold. */
    void addAll(CollectedResults others) {
        results.putAll(others.results);
        failures.putAll(others.failures);
    }

    /** What is not as expected of one sequence; empty if all is. */
    Optional<String> difference(CollectedResults expected, SequenceId id) {
        SequenceResult mine = results.get(id);
        SequenceResult theirs = expected.results.get(id);
        if (mine == null || theirs == null) {
            return Optional.of(
                    "gave no result: " + failures.getOrDefault(id, expected.failures.get(id)));
        }
        int at = Arrays.mismatch(mine.tokenIds(), theirs.tokenIds());
        if (at >= 0) {
            return Optional.of(
                    "token %d differs: %s and alone %s"
                            .formatted(
                                    at,
                                    Arrays.toString(mine.tokenIds()),
                                    Arrays.toString(theirs.tokenIds())));
        }
        if (mine.finishReason() != theirs.finishReason() || !mine.text().equals(theirs.text())) {
            return Optional.of(
                    "ends %s and alone %s, or with another text"
                            .formatted(mine.finishReason(), theirs.finishReason()));
        }
        if (!Arrays.equals(mine.labelProbabilities(), theirs.labelProbabilities())) {
            return Optional.of("label scores differ");
        }
        if (!Arrays.deepEquals(mine.vectors().toArray(), theirs.vectors().toArray())) {
            return Optional.of("vectors differ");
        }
        boolean sameLogProbabilities =
                Arrays.deepEquals(
                        numbers(mine.logProbabilities()), numbers(theirs.logProbabilities()));
        return sameLogProbabilities ? Optional.empty() : Optional.of("log-probabilities differ");
    }

    private static Object[] numbers(List<TokenLogProbabilities> tokens) {
        return tokens.stream()
                .map(
                        token ->
                                new Object[] {
                                    token.tokenId(),
                                    token.logProbability(),
                                    token.topTokenIds(),
                                    token.topLogProbabilities()
                                })
                .toArray();
    }
}
