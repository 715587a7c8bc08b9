package io.sightmill.engine;

import java.io.Serializable;

/**
 * Bounds of the engine.
 *
 * @param maxSequences most sequences that run at once
 * @param kvTokens KV memory in positions; the sum over running sequences never exceeds it
 * @param stepTokens most tokens a step spends on decoding and prefill together, at least {@code
 *     maxSequences}; one prefill chunk always fits
 * @param chunkTokens longest stretch of text that is prefilled at once. The last bits of the
 *     results depend on it, so keep it over restarts.
 * @param bulkShare share of the turns that bulk gets while live waits too, in admission and in
 *     prefill, above 0 and below 1; also the share of {@code maxSequences}, at least one, that live
 *     sequences do not drive out
 * @param imageCacheBytes most bytes of encoded images that are kept when no sequence uses them; 0
 *     keeps none
 * @param prefillsKnownTokens whether the tokens that a sequence had before it gave way or was
 *     restored are prefilled behind its prompt, which is faster than to decode them again one by
 *     one, but not to the same bits: where two tokens are almost as likely, what follows may not be
 *     what an undisturbed run gives
 */
public record EngineOptions(
        int maxSequences,
        int kvTokens,
        int stepTokens,
        int chunkTokens,
        double bulkShare,
        long imageCacheBytes,
        boolean prefillsKnownTokens)
        implements Serializable {

    private static final long serialVersionUID = 3L;
    private static final double DEFAULT_BULK_SHARE = 0.1;
    private static final long DEFAULT_IMAGE_CACHE_BYTES = 256L << 20;

    public EngineOptions {
        requirePositive("maxSequences", maxSequences);
        requirePositive("kvTokens", kvTokens);
        requirePositive("stepTokens", stepTokens);
        requirePositive("chunkTokens", chunkTokens);
        if (stepTokens < maxSequences) {
            throw new IllegalArgumentException(
                    "stepTokens is %d and must be at least maxSequences, %d: every running sequence decodes in every step"
                            .formatted(stepTokens, maxSequences));
        }
        if (!(bulkShare > 0 && bulkShare < 1)) {
            throw new IllegalArgumentException(
                    "bulkShare is " + bulkShare + " and must be above 0 and below 1");
        }
        if (imageCacheBytes < 0) {
            throw new IllegalArgumentException(
                    "imageCacheBytes is " + imageCacheBytes + " and must be at least 0");
        }
    }

    /** The same bounds with the default share of bulk and the default image cache. */
    public EngineOptions(int maxSequences, int kvTokens, int stepTokens, int chunkTokens) {
        this(
                maxSequences,
                kvTokens,
                stepTokens,
                chunkTokens,
                DEFAULT_BULK_SHARE,
                DEFAULT_IMAGE_CACHE_BYTES);
    }

    /** The same bounds where nothing comes before equal bits. */
    public EngineOptions(
            int maxSequences,
            int kvTokens,
            int stepTokens,
            int chunkTokens,
            double bulkShare,
            long imageCacheBytes) {
        this(maxSequences, kvTokens, stepTokens, chunkTokens, bulkShare, imageCacheBytes, false);
    }

    /** The same bounds with known tokens prefilled. */
    public EngineOptions prefillingKnownTokens() {
        return new EngineOptions(
                maxSequences, kvTokens, stepTokens, chunkTokens, bulkShare, imageCacheBytes, true);
    }

    public static EngineOptions defaults() {
        return new EngineOptions(64, 65_536, 1_024, 256);
    }

    /** How many bulk sequences keep their place whatever live load comes. */
    int keptBulkSequences() {
        return Math.max(1, (int) (bulkShare * maxSequences));
    }

    private static void requirePositive(String key, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(key + " is " + value + " and must be at least 1");
        }
    }
}
