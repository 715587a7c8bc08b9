package io.sightmill.local.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetainedCheckpointsTest {

    @TempDir private Path directory;

    @Test
    void thereIsNoneWhereNoJobRan() {
        assertThat(new RetainedCheckpoints(directory.resolve("absent")).latest()).isEmpty();
    }

    @Test
    void theLatestIsTheOneCompletedLastOfAllJobs() throws IOException {
        completed("first-job/chk-7", 1_000);
        Path newest = completed("second-job/chk-2", 2_000);

        assertThat(new RetainedCheckpoints(directory).latest()).contains(newest);
    }

    @Test
    void anUncompletedCheckpointDoesNotCount() throws IOException {
        Path completed = completed("job/chk-1", 1_000);
        Files.createDirectories(directory.resolve("job/chk-2"));

        assertThat(new RetainedCheckpoints(directory).latest()).contains(completed);
    }

    @Test
    void aSavepointIsTakenWhereItIsNewerThanEveryCheckpoint() throws IOException {
        completed("checkpoints/job/chk-7", 1_000);
        Path stopped = completed("savepoints/savepoint-1", 2_000);
        Path savepoints = directory.resolve("savepoints");
        RetainedCheckpoints retained = new RetainedCheckpoints(directory.resolve("checkpoints"));

        assertThat(retained.latestOr(savepoints)).contains(stopped);

        Path newer = completed("checkpoints/next-job/chk-8", 3_000);
        assertThat(retained.latestOr(savepoints)).contains(newer);
        assertThat(retained.latest()).contains(newer);
    }

    @Test
    void otherJobsAreDeletedWithTheirCheckpoints() throws IOException {
        completed("first-job/chk-7", 1_000);
        Path newest = completed("second-job/chk-2", 2_000);
        RetainedCheckpoints retained = new RetainedCheckpoints(directory);

        retained.deleteAllButLatest();

        assertThat(directory.resolve("first-job")).doesNotExist();
        assertThat(retained.latest()).contains(newest);
    }

    private Path completed(String name, long atMillis) throws IOException {
        Path checkpoint = Files.createDirectories(directory.resolve(name));
        Path metadata = Files.createFile(checkpoint.resolve("_metadata"));
        Files.setLastModifiedTime(metadata, FileTime.fromMillis(atMillis));
        return checkpoint;
    }
}
