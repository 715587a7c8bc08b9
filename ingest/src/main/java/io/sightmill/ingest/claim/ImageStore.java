package io.sightmill.ingest.claim;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;

/**
 * Where the bytes of large images lie, under their SHA-256: the same content lies there once, and
 * what lies there never changes. Thread-safe.
 */
public interface ImageStore extends AutoCloseable {

    /**
     * What storing gave.
     *
     * @param uri where the bytes are to be read from
     * @param isNew whether they were not there before
     */
    record Stored(URI uri, boolean isNew) {}

    /**
     * Stores the bytes, or finds them stored and starts their time to expire anew.
     *
     * @param content not changed; its position neither
     * @param sha256 of the content, 64 lower-case hexadecimal digits
     * @throws IOException if the store does not take them; nothing half written can be read then
     */
    Stored put(ByteBuffer content, String sha256) throws IOException;

    @Override
    void close();
}
