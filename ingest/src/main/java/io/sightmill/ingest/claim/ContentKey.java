package io.sightmill.ingest.claim;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** Names content by its SHA-256. Nothing a sender wrote becomes part of a path or key. */
final class ContentKey {

    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    private ContentKey() {}

    /** SHA-256 of what remains in the buffer, as 64 lower-case hexadecimal digits. */
    static String sha256(ByteBuffer content) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(content.duplicate());
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException exception) {
            throw new IllegalStateException("every Java platform has SHA-256", exception);
        }
    }

    /**
     * Where the content lies below a store's root: {@code ab/abcd...}, so that no folder gets too
     * many entries.
     *
     * @throws IllegalArgumentException if it is no SHA-256
     */
    static String of(String sha256) {
        if (!SHA256.matcher(sha256).matches()) {
            throw new IllegalArgumentException(
                    "sha256 must be 64 lower-case hexadecimal digits and has "
                            + sha256.length()
                            + " characters");
        }
        return sha256.substring(0, 2) + "/" + sha256;
    }
}
