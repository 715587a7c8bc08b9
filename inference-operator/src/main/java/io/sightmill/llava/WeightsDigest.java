package io.sightmill.llava;

import io.sightmill.engine.ModelLoadException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * SHA-256 over the contents of the weight files, one after the other in name order.
 *
 * <p>Computed on a thread of its own while the weights are loaded: both read the same pages, so the
 * files come from the disk once. It is not kept from run to run: whoever reads an answer's
 * provenance relies on it, and a file's size and time do not say what is in it.
 */
final class WeightsDigest implements AutoCloseable {

    private static final int READ_BYTES = 1 << 20;

    private final FutureTask<String> digest;
    private final Thread thread;

    private WeightsDigest(FutureTask<String> digest) {
        this.digest = digest;
        this.thread = new Thread(digest, "sightmill-digest");
        thread.setDaemon(true);
    }

    /** Begins to read. */
    static WeightsDigest start(Checkpoint checkpoint, LoadMeter meter) {
        List<Path> files = checkpoint.files().stream().map(SafetensorsFile::path).toList();
        WeightsDigest started = new WeightsDigest(new FutureTask<>(() -> digest(files, meter)));
        started.thread.start();
        return started;
    }

    /**
     * Waits for the end.
     *
     * @return 64 lower-case hexadecimal digits
     * @throws ModelLoadException naming the file that cannot be read
     */
    String await() {
        try {
            return digest.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof ModelLoadException cause
                    ? cause
                    : new IllegalStateException("the weights' digest failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ModelLoadException("interrupted while the weights were read", e);
        }
    }

    private static String digest(List<Path> files, LoadMeter meter) {
        MessageDigest digest = sha256();
        byte[] buffer = new byte[READ_BYTES];
        for (Path file : files) {
            try (InputStream in = Files.newInputStream(file)) {
                for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                    if (Thread.currentThread().isInterrupted()) {
                        throw new CancellationException("nobody waits for the digest any more");
                    }
                    digest.update(buffer, 0, count);
                    meter.digested(count);
                }
            } catch (IOException e) {
                throw new ModelLoadException(file + " cannot be read: " + e, e);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Stops reading if it has not ended, and waits until no file is open any more. */
    @Override
    public void close() {
        digest.cancel(true);
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
