package io.sightmill.local.deployment;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** How many threads the model's products are split over. */
public final class NativeThreads {

    private static final String PROPERTY = "ai.djl.pytorch.num_threads";

    /**
     * The products of a smaller checkpoint are not worth splitting: on cores that broker and job
     * use as well, its threads wait for each other longer than they work.
     */
    private static final long WORTH_SPLITTING_BYTES = 64L << 20;

    private NativeThreads() {}

    /** To be called before the engine starts; what the user has set stays. */
    public static void chooseFor(Path model) {
        if (System.getProperty(PROPERTY) == null && bytes(model) < WORTH_SPLITTING_BYTES) {
            System.setProperty(PROPERTY, "1");
        }
    }

    /** How many it is now: what was chosen, else the library's own choice, a thread a core. */
    public static int count() {
        return Integer.getInteger(PROPERTY, Runtime.getRuntime().availableProcessors());
    }

    private static long bytes(Path model) {
        try (Stream<Path> files = Files.list(model)) {
            return files.filter(file -> file.toString().endsWith(".safetensors"))
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        } catch (IOException exception) {
            throw new UncheckedIOException("cannot list " + model, exception);
        }
    }
}
