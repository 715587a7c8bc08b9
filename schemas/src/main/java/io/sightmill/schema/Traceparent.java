package io.sightmill.schema;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The header traceparent of W3C Trace Context, section 3.2. It is carried from a request to what
 * the request gives, and decides nothing.
 */
public final class Traceparent {

    /** Name of the Kafka header. */
    public static final String HEADER = "traceparent";

    /** Version 00 is as long; a later version may go on behind a dash. */
    private static final int LENGTH = 55;

    /** A later version's may be longer; nothing sensible is as long as this. */
    private static final int LONGEST = 256;

    private static final Pattern FORM =
            Pattern.compile(
                    "(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(-[!-~]*)?");

    private Traceparent() {}

    /** The header's text if it is a valid one; a malformed one is as good as none. */
    public static Optional<String> of(byte[] header) {
        if (header == null || header.length < LENGTH || header.length > LONGEST) {
            return Optional.empty();
        }
        String text = new String(header, StandardCharsets.ISO_8859_1);
        boolean isValid =
                FORM.matcher(text).matches() && (text.length() == LENGTH || !text.startsWith("00"));
        return isValid ? Optional.of(text) : Optional.empty();
    }
}
