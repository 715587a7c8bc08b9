package io.sightmill.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Keeps what it hears, and insists that nothing follows the end of a sequence. */
final class RecordingListener implements EngineListener {

    private final Map<String, List<Integer>> tokens = new LinkedHashMap<>();
    private final Map<String, SequenceResult> finished = new LinkedHashMap<>();
    private final Map<String, RequestRejectedException> failed = new LinkedHashMap<>();

    private Consumer<SequenceId> reaction = id -> {};

    /** Does this after each token it has heard. */
    void afterToken(Consumer<SequenceId> reaction) {
        this.reaction = reaction;
    }

    /** The tokens reported for a request. */
    List<Integer> tokens(String requestId) {
        return tokens.getOrDefault(requestId, List.of());
    }

    /** The requests in the order of the first token reported for each. */
    List<String> firstTokens() {
        return List.copyOf(tokens.keySet());
    }

    /** Results by request in the order they came. */
    Map<String, SequenceResult> finished() {
        return finished;
    }

    /** Failures by request in the order they came. */
    Map<String, RequestRejectedException> failed() {
        return failed;
    }

    SequenceResult result(String requestId) {
        assertThat(finished).containsKey(requestId);
        return finished.get(requestId);
    }

    @Override
    public void onToken(SequenceId id, int tokenId) {
        requireNotEnded(name(id));
        tokens.computeIfAbsent(name(id), unused -> new ArrayList<>()).add(tokenId);
        reaction.accept(id);
    }

    @Override
    public void onFinished(SequenceResult result) {
        requireNotEnded(name(result.request().id()));
        finished.put(name(result.request().id()), result);
    }

    @Override
    public void onFailed(SequenceRequest request, RequestRejectedException failure) {
        requireNotEnded(name(request.id()));
        failed.put(name(request.id()), failure);
    }

    /** The request's id; for a task not named "t", that follows. */
    static String name(SequenceId id) {
        return id.taskId().equals("t") ? id.requestId() : id.requestId() + "/" + id.taskId();
    }

    private void requireNotEnded(String name) {
        assertThat(finished).doesNotContainKey(name);
        assertThat(failed).doesNotContainKey(name);
    }
}
