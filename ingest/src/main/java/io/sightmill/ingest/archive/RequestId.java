package io.sightmill.ingest.archive;

import io.sightmill.schema.Generation;
import io.sightmill.schema.TokenBias;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

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
        addLaterOptions(digest, options);
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

    /** Options that came later, where they are set: what was asked without them keeps its id. */
    private static void addLaterOptions(MessageDigest digest, CaptionOptions options) {
        Generation generation = options.generation();
        if (generation.getMinNewTokens() != 0) {
            add(digest, "minNewTokens=" + generation.getMinNewTokens());
        }
        if (!generation.getLogitBias().isEmpty()) {
            add(digest, "logitBias=" + biases(generation.getLogitBias()));
        }
        if (generation.getRepetitionPenalty() != 1) {
            add(digest, "repetitionPenalty=" + generation.getRepetitionPenalty());
        }
        if (generation.getLogProbabilities() != -1) {
            add(digest, "logProbabilities=" + generation.getLogProbabilities());
        }
        if (!options.labels().isEmpty()) {
            add(digest, "labels=" + options.labels().size());
            options.labels().forEach(label -> add(digest, label));
        }
        if (options.timeToDeadline() != null) {
            add(digest, "timeToDeadline=" + options.timeToDeadline());
        }
    }

    /** In the order of the ids: the order in which they are given changes no answer. */
    private static String biases(List<TokenBias> entries) {
        return entries.stream()
                .sorted(Comparator.comparingInt(TokenBias::getTokenId))
                .map(entry -> entry.getTokenId() + "=" + entry.getBias())
                .collect(Collectors.joining(","));
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
