package io.sightmill.engine;

/** Who may share keys and values: the tasks of one request, of one tenant, in one lane. */
record PrefixGroup(String requestId, String tenant, Lane lane) {

    static PrefixGroup of(SequenceRequest request) {
        return new PrefixGroup(request.requestId(), request.tenant(), request.lane());
    }
}
