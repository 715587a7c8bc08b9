package io.sightmill.ingest.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which files count as images of an archive, and in which order. */
class ImageFolderTest {

    @TempDir private Path temporary;
    private Path folder;

    @BeforeEach
    void create() throws IOException {
        folder = Files.createDirectory(temporary.resolve("photos"));
    }

    @Test
    void findsImagesByExtensionInAnyCase() throws IOException {
        touch("a.jpg", "b.JPEG", "c.Png", "d.webp", "e.gif", "f.bmp", "g.tif", "h.TIFF");
        touch("notes.txt", "jpg", "archive.zip", "a.jpg.part");

        assertThat(names(folder))
                .containsExactly(
                        "a.jpg", "b.JPEG", "c.Png", "d.webp", "e.gif", "f.bmp", "g.tif", "h.TIFF");
    }

    @Test
    void goesThroughFoldersByName() throws IOException {
        touch("b/2.png", "b/1.png", "a/deep/3.png", "c.png", "a/z.png");

        assertThat(names(folder))
                .containsExactly("a/deep/3.png", "a/z.png", "b/1.png", "b/2.png", "c.png");
    }

    @Test
    void leavesOutHiddenFilesAndFolders() throws IOException {
        touch(".hidden.png", ".thumbnails/a.png", "a.png");

        assertThat(names(folder)).containsExactly("a.png");
    }

    @Test
    void doesNotFollowLinksOutOfTheFolderOrRoundInCircles() throws IOException {
        Path outside = Files.createFile(temporary.resolve("secret.png"));
        touch("a.png");
        Files.createSymbolicLink(folder.resolve("link.png"), outside);
        Files.createSymbolicLink(folder.resolve("circle"), folder);

        assertThat(names(folder)).containsExactly("a.png");
    }

    @Test
    void followsALinkThatIsNamed() throws IOException {
        touch("a.png");
        Path link = Files.createSymbolicLink(temporary.resolve("link"), folder);

        assertThat(ImageFolder.of(List.of(link)).images()).containsExactly(link.resolve("a.png"));
    }

    @Test
    void takesANamedFileWhateverItIsCalled() throws IOException {
        touch("notes.txt", ".hidden");
        Path notes = folder.resolve("notes.txt");
        Path hidden = folder.resolve(".hidden");

        assertThat(ImageFolder.of(List.of(notes, hidden)).images()).containsExactly(notes, hidden);
    }

    @Test
    void givesNamedPathsInTheirOrderAndOnce() throws IOException {
        touch("a.png", "b.png");
        Path first = folder.resolve("b.png");
        Path again = folder.resolve("../photos/b.png");
        Path second = folder.resolve("a.png");

        assertThat(ImageFolder.of(List.of(first, again, second)).images())
                .containsExactly(first, second);
    }

    @Test
    void reportsANamedPathThatDoesNotExistAndGivesItToTheReader() {
        Path missing = folder.resolve("missing.png");
        ImageFolder images = ImageFolder.of(List.of(missing, folder));

        assertThat(images.missing()).containsExactly(missing);
        assertThat(images.images()).containsExactly(missing);
    }

    @Test
    void findsNothingInAFolderWithoutImages() throws IOException {
        touch("notes.txt", "empty/readme.md");

        assertThat(names(folder)).isEmpty();
    }

    @Test
    void looksIntoAFolderOnlyWhenItGetsThere() throws IOException {
        touch("a/1.png", "b/2.png");
        Iterator<Path> images = ImageFolder.of(List.of(folder)).images().iterator();

        images.next();
        touch("b/3.png");

        assertThat(images)
                .toIterable()
                .containsExactly(folder.resolve("b/2.png"), folder.resolve("b/3.png"));
    }

    @Test
    void goesOnWhenAFolderIsGone() throws IOException {
        touch("a/1.png", "b/2.png", "c.png");
        Iterator<Path> images = ImageFolder.of(List.of(folder)).images().iterator();
        images.next();
        Files.delete(folder.resolve("b/2.png"));
        Files.delete(folder.resolve("b"));

        assertThat(images)
                .toIterable()
                .containsExactly(folder.resolve("b"), folder.resolve("c.png"));
    }

    private void touch(String... names) throws IOException {
        for (String name : names) {
            Path file = folder.resolve(name);
            Files.createDirectories(file.getParent());
            Files.createFile(file);
        }
    }

    private static List<String> names(Path folder) {
        return ImageFolder.of(List.of(folder))
                .images()
                .map(file -> folder.relativize(file).toString())
                .toList();
    }
}
