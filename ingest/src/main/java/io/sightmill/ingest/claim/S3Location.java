package io.sightmill.ingest.claim;

import java.net.URI;
import java.util.regex.Pattern;

/**
 * A place in a bucket.
 *
 * @param bucket its name
 * @param prefix what every key begins with: empty, or ending with a slash
 */
public record S3Location(String bucket, String prefix) {

    private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");
    private static final Pattern PREFIX = Pattern.compile("([A-Za-z0-9_-][A-Za-z0-9._-]*/)*");

    public S3Location {
        require(BUCKET.matcher(bucket).matches(), bucket, "the name of a bucket");
        require(
                PREFIX.matcher(prefix).matches(),
                prefix,
                "names of letters, digits, '.', '_' and '-', each ending with a slash");
    }

    /** From {@code s3://bucket} or {@code s3://bucket/prefix}. */
    static S3Location of(URI uri) {
        String path = uri.getPath() == null ? "" : uri.getPath().replaceFirst("^/", "");
        String prefix = path.isEmpty() || path.endsWith("/") ? path : path + "/";
        return new S3Location(String.valueOf(uri.getAuthority()), prefix);
    }

    private static void require(boolean holds, String value, String bound) {
        if (!holds) {
            throw new IllegalArgumentException(
                    "claim.check.store has '" + value + "' and must have " + bound);
        }
    }
}
