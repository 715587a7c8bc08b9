package io.sightmill.ingest.claim;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;

/**
 * Images in a directory, on a disk or a mount that senders and TaskManagers share.
 *
 * <p>A file is written under a temporary name, forced to the disk and moved to its own: it is there
 * as a whole or not at all. Links are never followed below the root.
 */
public final class DirectoryImageStore implements ImageStore {

    private static final String TEMPORARY = ".incoming-";

    /** No upload takes as long; what is older was left by a process that died. */
    private static final Duration LONGEST_UPLOAD = Duration.ofHours(1);

    private final Path root;
    private final InstantSource clock;

    /**
     * @param root created if need be
     * @param clock what the age of files goes by
     * @throws IOException if the directory cannot be created
     */
    public DirectoryImageStore(Path root, InstantSource clock) throws IOException {
        this.root = Files.createDirectories(root.toAbsolutePath().normalize()).toRealPath();
        this.clock = clock;
    }

    @Override
    public Stored put(ByteBuffer content, String sha256) throws IOException {
        Path file = root.resolve(ContentKey.of(sha256));
        if (isThere(file, content.remaining())) {
            return new Stored(file.toUri(), false);
        }
        Path folder = file.getParent();
        Files.createDirectories(folder);
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            throw new NotDirectoryException(folder + " is a link");
        }
        write(content.duplicate(), file);
        return new Stored(file.toUri(), true);
    }

    /** Touches the file first: what is touched cannot expire before it has been looked at. */
    private boolean isThere(Path file, int bytes) throws IOException {
        try {
            BasicFileAttributeView view =
                    Files.getFileAttributeView(
                            file, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
            view.setTimes(FileTime.from(clock.instant()), null, null);
            BasicFileAttributes attributes = view.readAttributes();
            return attributes.isRegularFile() && attributes.size() == bytes;
        } catch (NoSuchFileException none) {
            return false;
        }
    }

    private static void write(ByteBuffer content, Path file) throws IOException {
        Path temporary = file.resolveSibling(TEMPORARY + UUID.randomUUID());
        try {
            try (FileChannel channel =
                    FileChannel.open(
                            temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                while (content.hasRemaining()) {
                    channel.write(content);
                }
                channel.force(true);
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /**
     * Deletes one image that nobody will ask for any more; one that is not there, or a URI that is
     * not of this store, is left alone.
     */
    public void delete(URI uri) throws IOException {
        Path file = Path.of(uri).normalize();
        if (file.startsWith(root) && !file.equals(root)) {
            Files.deleteIfExists(file);
        }
    }

    /**
     * Deletes images that nobody stored again for so long, and what dead processes left half
     * written. Other files are left alone.
     *
     * @param age longer than any request may wait for its answer
     * @return how many were deleted
     */
    public int deleteOlderThan(Duration age) throws IOException {
        Instant now = clock.instant();
        Expiry expiry = new Expiry(now.minus(age), now.minus(LONGEST_UPLOAD));
        Files.walkFileTree(root, expiry);
        return expiry.deleted;
    }

    @Override
    public void close() {}

    /** Walks the store and follows no link. */
    private static final class Expiry extends SimpleFileVisitor<Path> {

        private final Instant image;
        private final Instant temporary;
        private int deleted;

        private Expiry(Instant image, Instant temporary) {
            this.image = image;
            this.temporary = temporary;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
            String name = file.getFileName().toString();
            boolean isTemporary = name.startsWith(TEMPORARY);
            boolean isImage = name.matches("[0-9a-f]{64}");
            Instant limit = isTemporary ? temporary : image;
            if ((isTemporary || isImage)
                    && attributes.isRegularFile()
                    && attributes.lastModifiedTime().toInstant().isBefore(limit)) {
                deleted += Files.deleteIfExists(file) ? 1 : 0;
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
            if (failure instanceof NoSuchFileException) {
                return FileVisitResult.CONTINUE;
            }
            throw failure;
        }
    }
}
