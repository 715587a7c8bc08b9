package io.sightmill.flink;

import io.sightmill.engine.Reason;
import io.sightmill.engine.RequestRejectedException;
import io.sightmill.engine.Stage;
import java.io.IOException;
import java.net.URI;

/** Why an image's bytes are not to be had. */
final class ImageRejections {

    private static final int MOST_CHARACTERS = 200;

    private ImageRejections() {}

    static RequestRejectedException of(Reason reason, String message) {
        return new RequestRejectedException(Stage.PREPROCESS, reason, message);
    }

    static RequestRejectedException tooLarge(long bytes, int most) {
        return of(
                Reason.TOO_LARGE,
                "the image has %d bytes and the limit is %d; make it smaller or raise max-image-bytes"
                        .formatted(bytes, most));
    }

    static RequestRejectedException notAllowed(String uri, String why) {
        return of(Reason.SOURCE_NOT_ALLOWED, "image " + shown(uri) + " is not read: " + why);
    }

    static RequestRejectedException unavailable(URI uri, IOException cause) {
        return new RequestRejectedException(
                Stage.PREPROCESS,
                Reason.IMAGE_UNAVAILABLE,
                "image " + shown(uri) + " cannot be read: " + cause.getClass().getSimpleName(),
                cause);
    }

    static String shown(URI uri) {
        return shown(uri.toString());
    }

    private static String shown(String uri) {
        return uri.length() <= MOST_CHARACTERS ? uri : uri.substring(0, MOST_CHARACTERS) + "...";
    }
}
