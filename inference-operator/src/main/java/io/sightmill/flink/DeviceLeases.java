package io.sightmill.flink;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which slot has which of several devices. Flink tells every task of a TaskManager about all of its
 * devices; here the first task of a slot takes one, the slot's other tasks join it, and nobody else
 * gets it until the last of them has left.
 *
 * <p>A device is held by a lock on its file, so also against other processes of the machine; the
 * system gives it back when a process dies. The file stays and tells who had it last. Thread-safe.
 */
final class DeviceLeases {

    private static final Logger LOG = LoggerFactory.getLogger(DeviceLeases.class);
    private static final int MOST_WORDS = 200;

    /**
     * One a process and directory: a second channel on a file would give up the first one's lock.
     */
    private static final Map<Path, DeviceLeases> BY_DIRECTORY = new HashMap<>();

    private final Path directory;
    private final Map<String, Entry> bySlot = new HashMap<>();

    private static final class Entry {

        private final String device;
        private final FileChannel file;
        private int users;

        private Entry(String device, FileChannel file) {
            this.device = device;
            this.file = file;
        }
    }

    private DeviceLeases(Path directory) {
        this.directory = directory;
    }

    /** Those of this process whose files are in a directory. */
    static DeviceLeases in(Path directory) {
        synchronized (BY_DIRECTORY) {
            return BY_DIRECTORY.computeIfAbsent(
                    directory.toAbsolutePath().normalize(), DeviceLeases::new);
        }
    }

    /**
     * Takes the first device that is free, or the one that the slot has.
     *
     * @param slot names the slot among all of the cluster
     * @param devices by the index that their discovery gave them
     * @throws IllegalStateException if none is free; the message says who has them
     */
    synchronized Lease acquire(String slot, List<String> devices) {
        Entry entry = bySlot.get(slot);
        if (entry == null) {
            entry =
                    devices.stream()
                            .map(device -> lock(slot, device))
                            .flatMap(Optional::stream)
                            .findFirst()
                            .orElseThrow(() -> noneIsFree(devices));
            bySlot.put(slot, entry);
            LOG.info("slot {} has device {} of {}", slot, entry.device, devices);
        }
        entry.users++;
        return new Lease(slot, entry);
    }

    private Optional<Entry> lock(String slot, String device) {
        if (bySlot.values().stream().anyMatch(entry -> entry.device.equals(device))) {
            return Optional.empty();
        }
        try {
            Files.createDirectories(directory);
            FileChannel file =
                    FileChannel.open(
                            file(device),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE,
                            LinkOption.NOFOLLOW_LINKS);
            if (tryLock(file)) {
                file.truncate(0);
                file.write(ByteBuffer.wrap(words(slot).getBytes(StandardCharsets.UTF_8)));
                return Optional.of(new Entry(device, file));
            }
            file.close();
            return Optional.empty();
        } catch (IOException exception) {
            throw new UncheckedIOException(
                    "cannot lease GPU %s by %s; set device-leases to a directory that all TaskManagers of this machine can write to"
                            .formatted(device, file(device)),
                    exception);
        }
    }

    private static boolean tryLock(FileChannel file) throws IOException {
        try {
            FileLock lock = file.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException heldByAnotherClassLoader) {
            return false;
        }
    }

    private static String words(String slot) {
        return "process %d, slot %s%n".formatted(ProcessHandle.current().pid(), slot);
    }

    private IllegalStateException noneIsFree(List<String> devices) {
        return new IllegalStateException(
                "every GPU that this TaskManager sees is taken: %s; give the machine's TaskManagers together as many slots as it has GPUs (leases are in %s)"
                        .formatted(
                                String.join(", ", devices.stream().map(this::holder).toList()),
                                directory));
    }

    private String holder(String device) {
        try {
            byte[] text = Files.readAllBytes(file(device));
            return device
                    + " by "
                    + new String(text, 0, Math.min(text.length, MOST_WORDS), StandardCharsets.UTF_8)
                            .trim();
        } catch (IOException exception) {
            return device;
        }
    }

    private Path file(String device) {
        return directory.resolve("gpu-" + device.replaceAll("[^A-Za-z0-9-]", "_") + ".lease");
    }

    private synchronized void release(String slot, Entry entry) {
        entry.users--;
        if (entry.users > 0) {
            return;
        }
        bySlot.remove(slot, entry);
        try {
            entry.file.close();
        } catch (IOException exception) {
            LOG.warn("the lease of device {} was not closed cleanly", entry.device, exception);
        }
    }

    /** A task's share in its slot's device. */
    final class Lease implements AutoCloseable {

        private final String slot;
        private final Entry entry;
        private boolean closed;

        private Lease(String slot, Entry entry) {
            this.slot = slot;
            this.entry = entry;
        }

        String device() {
            return entry.device;
        }

        @Override
        public void close() {
            if (!closed) {
                closed = true;
                release(slot, entry);
            }
        }
    }
}
