package io.sightmill.ingest.archive;

import io.sightmill.schema.Generation;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Ids that are the same for the same question, so that asking again finds the first answer. */
final class RequestId {

    private static final int HEX_DIGITS = 32;

    private RequestId() {}

    /**
     * The id of a caption: a digest over everything the answer depends on, each part with its
     * length before it, so that no two lists of parts look alike.
     *
     * @param content SHA-256 of the file, or what stands for it where it was not read
     */
    static String ofCaption(Path file, String content, CaptionOptions options) {
        MessageDigest digest = sha256();
        add(digest, file.toString());
        add(digest, content);
        add(digest, options.instruction() == null ? "default" : "=" + options.instruction());
        addGeneration(digest, options.generation());
        add(digest, options.model());
        add(digest, options.weightsSha256());
        return "caption-" + HexFormat.of().formatHex(digest.digest()).substring(0, HEX_DIGITS);
    }

    /** SHA-256 in 64 lower-case hexadecimal digits. */
    static String sha256(byte[] content) {
        return HexFormat.of().formatHex(sha256().digest(content));
    }

    private static void addGeneration(MessageDigest digest, Generation generation) {
        add(digest, Integer.toString(generation.getMaxNewTokens()));
        add(digest, Double.toString(generation.getTemperature()));
        add(digest, Double.toString(generation.getTopP()));
        add(digest, Integer.toString(generation.getTopK()));
        add(digest, Long.toString(generation.getSeed()));
        add(digest, Integer.toString(generation.getStop().size()));
        generation.getStop().forEach(stop -> add(digest, stop));
    }

    private static void add(MessageDigest digest, String part) {
        byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
        digest.update(bytes);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException exception) {
            throw new IllegalStateException("every Java platform has SHA-256", exception);
        }
    }
}
