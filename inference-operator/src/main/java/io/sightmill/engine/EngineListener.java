package io.sightmill.engine;

/**
 * Hears what becomes of sequences. Called by the engine's thread, in between steps; must not block.
 */
public interface EngineListener {

    /** A new token, replayed ones excluded. Always before the sequence's end. */
    void onToken(SequenceId id, int tokenId);

    /** The sequence ended. Nothing follows for it. */
    void onFinished(SequenceResult result);

    /** The sequence failed. Nothing follows for it. */
    void onFailed(SequenceRequest request, RequestRejectedException failure);
}
