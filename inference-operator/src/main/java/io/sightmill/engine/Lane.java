package io.sightmill.engine;

/** Which queue a sequence waits in; LIVE goes before BULK. */
public enum Lane {
    LIVE,
    BULK
}
