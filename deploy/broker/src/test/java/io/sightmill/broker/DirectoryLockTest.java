package io.sightmill.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryLockTest {

    @TempDir private Path directory;

    @Test
    void holdsTheDirectoryForOne() throws IOException {
        try (DirectoryLock held = DirectoryLock.acquire(directory)) {
            assertThat(held).isNotNull();

            assertThatThrownBy(() -> DirectoryLock.acquire(directory))
                    .isInstanceOf(BrokerStartException.class)
                    .hasMessageContaining(directory + " is in use by another running broker");
        }
    }

    @Test
    void letsGoWhenClosed() throws IOException {
        DirectoryLock.acquire(directory).close();

        DirectoryLock.acquire(directory).close();
    }
}
