package io.sightmill.flink;

import java.util.List;

/** Hears what becomes of its own sequences. Called by the engine's thread; must not block. */
interface EngineSubscriber {

    /** All events of one step that concern this subscriber, in order. */
    void onEvents(List<EngineEvent> events);

    /** The engine is gone and every sequence with it. Nothing follows. */
    void onEngineFailure(Throwable cause);
}
