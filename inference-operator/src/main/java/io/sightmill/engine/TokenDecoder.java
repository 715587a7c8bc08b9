package io.sightmill.engine;

/** Token ids back to text. Thread-safe. */
public interface TokenDecoder {

    /**
     * The text of the ids without special tokens. Bytes that are no whole character become U+FFFD.
     */
    String decode(int[] tokenIds);
}
