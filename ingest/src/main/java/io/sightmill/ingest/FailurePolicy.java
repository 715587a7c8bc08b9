package io.sightmill.ingest;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of a stream thread's exception: one that passes by itself costs the thread, which is
 * replaced and goes on from the last commit; any other is our own fault or the deployment's, would
 * come again for ever, and ends the application.
 *
 * <p>Called by stream threads, at any time; thread-safe.
 */
final class FailurePolicy implements StreamsUncaughtExceptionHandler {

    private static final Logger LOG = LoggerFactory.getLogger(FailurePolicy.class);

    private final AtomicReference<Throwable> fatal = new AtomicReference<>();

    @Override
    public StreamThreadExceptionResponse handle(Throwable exception) {
        if (isTransient(exception)) {
            LOG.warn("ingest replaces a thread that failed and goes on", exception);
            return StreamThreadExceptionResponse.REPLACE_THREAD;
        }
        fatal.compareAndSet(null, exception);
        LOG.error("ingest stops: the failure would come again", exception);
        return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }

    /** The first failure that ended the application. */
    Optional<Throwable> fatal() {
        return Optional.ofNullable(fatal.get());
    }

    private static boolean isTransient(Throwable exception) {
        for (Throwable cause = exception; cause != null; cause = cause.getCause()) {
            if (cause instanceof RetriableException) {
                return true;
            }
        }
        return false;
    }
}
