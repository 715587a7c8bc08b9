package io.sightmill.engine;

/**
 * What the cache of encoded images has done.
 *
 * @param hits images whose features were there, since the start like {@code misses}
 * @param misses images that had to be encoded
 * @param bytes bytes of the features that are kept now, in use or not
 */
public record ImageCounters(long hits, long misses, long bytes) {

    /** Of a runner that keeps nothing. */
    public static final ImageCounters NONE = new ImageCounters(0, 0, 0);
}
