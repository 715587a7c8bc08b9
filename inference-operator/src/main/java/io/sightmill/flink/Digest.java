package io.sightmill.flink;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** SHA-256 as 64 lower-case hexadecimal digits. */
final class Digest {

    private Digest() {}

    static String of(byte[] bytes) {
        return HexFormat.of().formatHex(sha256().digest(bytes));
    }

    static String of(ByteBuffer bytes) {
        MessageDigest digest = sha256();
        digest.update(bytes.duplicate());
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Over the token ids, four bytes each, big-endian. */
    static String ofTokens(int[] tokenIds) {
        ByteBuffer bytes = ByteBuffer.allocate(tokenIds.length * Integer.BYTES);
        bytes.asIntBuffer().put(tokenIds);
        return of(bytes);
    }

    /** One image's digest as it is; of several, over their digests' text in order. */
    static String ofAll(List<String> digests) {
        return digests.size() == 1
                ? digests.get(0)
                : of(String.join("", digests).getBytes(StandardCharsets.US_ASCII));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException exception) {
            throw new IllegalStateException("every Java platform has SHA-256", exception);
        }
    }
}
