package io.sightmill.engine;

/** Token ids back to text. Thread-safe. */
public interface TokenDecoder {

    /**
     * The text of the ids without special tokens. Bytes that are no whole character become U+FFFD.
     */
    String decode(int[] tokenIds);

    /**
     * Whether the token is a byte that is read together with the bytes around it, so that a later
     * one may turn them all into U+FFFD.
     */
    default boolean isByte(int tokenId) {
        return false;
    }
}
