package io.sightmill.engine;

/**
 * Hears what becomes of sequences. Called by the engine's thread, when a step or a part of one is
 * settled; must not block. It may call the engine.
 */
public interface EngineListener {

    /** A new token, replayed ones excluded. Always before the sequence's end. */
    void onToken(SequenceId id, int tokenId);

    /** The sequence ended. Nothing follows for it. */
    void onFinished(SequenceResult result);

    /** The sequence failed. Nothing follows for it. */
    void onFailed(SequenceRequest request, RequestRejectedException failure);

    /** All that there was to hear has been heard: what is handed on in batches goes now. */
    default void onDelivered() {}
}
