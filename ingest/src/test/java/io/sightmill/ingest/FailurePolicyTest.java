package io.sightmill.ingest;

import static org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse.REPLACE_THREAD;
import static org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.streams.errors.StreamsException;
import org.junit.jupiter.api.Test;

/** What passes by itself costs a thread; what would come again ends the application. */
class FailurePolicyTest {

    private final FailurePolicy policy = new FailurePolicy();

    @Test
    void replacesTheThreadWhereTryingAgainCanHelp() {
        Throwable exception = new StreamsException("sending", new TimeoutException("broker away"));

        assertThat(policy.handle(exception)).isEqualTo(REPLACE_THREAD);
        assertThat(policy.fatal()).isEmpty();
    }

    @Test
    void endsTheApplicationWithTheFirstFailureThatWouldComeAgain() {
        Throwable first = new StreamsException("in validate", new NullPointerException());

        assertThat(policy.handle(first)).isEqualTo(SHUTDOWN_CLIENT);
        assertThat(policy.handle(new IllegalStateException())).isEqualTo(SHUTDOWN_CLIENT);
        assertThat(policy.fatal()).containsSame(first);
    }
}
