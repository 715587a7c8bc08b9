package io.sightmill.flink;

import io.sightmill.engine.RequestRejectedException;
import io.sightmill.engine.SequenceId;
import io.sightmill.engine.SequenceResult;

/** What became of a sequence, on its way from the engine's thread to the mailbox. */
sealed interface EngineEvent {

    SequenceId id();

    /** A new token, replayed ones excluded. */
    record Token(SequenceId id, int tokenId) implements EngineEvent {}

    /** The sequence ended. */
    record Finished(SequenceResult result) implements EngineEvent {

        @Override
        public SequenceId id() {
            return result.request().id();
        }
    }

    /** The sequence failed. */
    record Failed(SequenceId id, RequestRejectedException failure) implements EngineEvent {}
}
