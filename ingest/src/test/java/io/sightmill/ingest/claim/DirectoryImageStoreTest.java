package io.sightmill.ingest.claim;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryImageStoreTest {

    private static final Instant NOW = Instant.parse("2026-03-01T08:00:00Z");

    @TempDir Path directory;

    private Path root;
    private DirectoryImageStore store;

    @BeforeEach
    void aStore() throws IOException {
        root = directory.resolve("store");
        store = new DirectoryImageStore(root, () -> NOW);
    }

    @Test
    void theBytesLieUnderTheirDigestWhereTheUriSays() throws IOException {
        ImageStore.Stored stored = put("pixels");

        assertThat(stored.isNew()).isTrue();
        assertThat(stored.uri().toString()).startsWith("file:///").endsWith(sha256("pixels"));
        assertThat(Path.of(stored.uri())).hasContent("pixels");
        assertThat(files()).containsExactly(sha256("pixels"));
    }

    @Test
    void theSameContentIsStoredOnce() throws IOException {
        URI first = put("pixels").uri();
        FileTime written = Files.getLastModifiedTime(Path.of(first));

        ImageStore.Stored again = put("pixels");

        assertThat(again).isEqualTo(new ImageStore.Stored(first, false));
        assertThat(files()).hasSize(1);
        assertThat(written.toInstant()).isNotEqualTo(NOW);
        assertThat(Files.getLastModifiedTime(Path.of(first)).toInstant()).isEqualTo(NOW);
    }

    @Test
    void manyWritersOfTheSameContentLeaveOneWholeFile() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Callable<URI>> writers =
                    IntStream.range(0, 32)
                            .<Callable<URI>>mapToObj(any -> () -> put("x").uri())
                            .toList();
            for (Future<URI> written : threads.invokeAll(writers)) {
                assertThat(Path.of(written.get())).hasContent("x");
            }
        } finally {
            threads.shutdown();
        }
        assertThat(files()).containsExactly(sha256("x"));
    }

    @Test
    void aFileThatWasCutShortIsWrittenAgain() throws IOException {
        Path file = Path.of(put("pixels").uri());
        Files.writeString(file, "pix");

        assertThat(put("pixels").isNew()).isTrue();
        assertThat(file).hasContent("pixels");
    }

    @Test
    void aLinkInTheStoreIsReplacedAndNeverWrittenThrough() throws IOException {
        Path outside = Files.writeString(directory.resolve("outside"), "theirs");
        Path folder = Files.createDirectories(root.resolve(sha256("pixels").substring(0, 2)));
        Files.createSymbolicLink(folder.resolve(sha256("pixels")), outside);

        URI uri = put("pixels").uri();

        assertThat(outside).hasContent("theirs");
        assertThat(Files.isSymbolicLink(Path.of(uri))).isFalse();
        assertThat(Path.of(uri)).hasContent("pixels");
    }

    @Test
    void aFolderThatIsALinkIsRefused() throws IOException {
        Path outside = Files.createDirectory(directory.resolve("outside"));
        Files.createSymbolicLink(root.resolve(sha256("pixels").substring(0, 2)), outside);

        assertThatThrownBy(() -> put("pixels"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("is a link");
        assertThat(outside).isEmptyDirectory();
    }

    @Test
    void aNameThatIsNoDigestIsRefused() {
        ByteBuffer content = ByteBuffer.wrap(new byte[1]);

        assertThatThrownBy(() -> store.put(content, "../../etc/passwd"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> store.put(content, "A".repeat(64)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatNobodyStoredAgainExpiresAndNothingElse() throws IOException {
        Path old = Path.of(put("old").uri());
        Path used = Path.of(put("used").uri());
        Path leftover = Files.createFile(old.resolveSibling(".incoming-1"));
        Path foreign = Files.createFile(root.resolve("README"));
        FileTime lastWeek = FileTime.from(NOW.minus(Duration.ofDays(8)));
        for (Path file : List.of(old, used, leftover, foreign)) {
            Files.setLastModifiedTime(file, lastWeek);
        }
        put("used");

        assertThat(store.deleteOlderThan(Duration.ofDays(7))).isEqualTo(2);

        assertThat(old).doesNotExist();
        assertThat(leftover).doesNotExist();
        assertThat(used).exists();
        assertThat(foreign).exists();
    }

    @Test
    void deletesItsOwnAndNothingOutside() throws IOException {
        Path outside = Files.createFile(directory.resolve("outside"));
        URI mine = put("mine").uri();

        store.delete(mine);
        store.delete(mine);
        store.delete(URI.create(root.toUri() + "../outside"));

        assertThat(Path.of(mine)).doesNotExist();
        assertThat(outside).exists();
    }

    private ImageStore.Stored put(String content) throws IOException {
        return store.put(ByteBuffer.wrap(content.getBytes(US_ASCII)), sha256(content));
    }

    private static String sha256(String content) {
        return ContentKey.sha256(ByteBuffer.wrap(content.getBytes(US_ASCII)));
    }

    private List<String> files() throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .toList();
        }
    }
}
