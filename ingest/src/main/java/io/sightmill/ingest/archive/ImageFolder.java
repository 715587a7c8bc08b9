package io.sightmill.ingest.archive;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * The image files below named paths, found while they are being asked for.
 *
 * <ul>
 *   <li>A named file is an image whatever it is called, also one that does not exist: the reader
 *       turns that into a rejection.
 *   <li>In a named folder and those below it, files with an image's extension, in any case; by
 *       name, so that the order is the same every time. Hidden files and folders are left out, and
 *       so are symbolic links: they could lead out of the folder, or round in circles.
 * </ul>
 */
public final class ImageFolder {

    private static final Set<String> EXTENSIONS =
            Set.of("jpg", "jpeg", "png", "webp", "gif", "bmp", "tif", "tiff");

    private final List<Path> named;

    private ImageFolder(List<Path> named) {
        this.named = named;
    }

    /** The files and folders with these names, each once, in this order. */
    public static ImageFolder of(Collection<Path> named) {
        Set<Path> once = new LinkedHashSet<>();
        named.forEach(path -> once.add(path.toAbsolutePath().normalize()));
        return new ImageFolder(List.copyOf(once));
    }

    /** The named paths at which there is nothing. */
    public List<Path> missing() {
        return named.stream().filter(path -> !Files.exists(path)).toList();
    }

    /**
     * The images, absolute and normalised. Holds the names of one folder a level, never all files.
     * A folder that cannot be listed is among them itself, so that it is not passed over in
     * silence.
     */
    public Stream<Path> images() {
        return StreamSupport.stream(new FolderWalk(named), false);
    }

    /** What a folder holds that counts: folders and images by name; throws if it cannot be read. */
    static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(ImageFolder::counts).sorted().toList();
        } catch (UncheckedIOException exception) {
            throw exception.getCause();
        }
    }

    private static boolean counts(Path entry) {
        if (isHidden(entry) || Files.isSymbolicLink(entry)) {
            return false;
        }
        return Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)
                || Files.isRegularFile(entry, LinkOption.NOFOLLOW_LINKS) && hasExtension(entry);
    }

    private static boolean isHidden(Path entry) {
        return entry.getFileName().toString().startsWith(".");
    }

    private static boolean hasExtension(Path file) {
        String name = file.getFileName().toString();
        int dot = name.lastIndexOf('.');
        return dot >= 0 && EXTENSIONS.contains(name.substring(dot + 1).toLowerCase(Locale.ROOT));
    }
}
