package io.sightmill.llava;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import com.sun.jna.NativeLong;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the C library from holding on to memory that loading has freed. Weights are converted one
 * by one; what a conversion frees lies between blocks that stay, and a checkpoint would take up to
 * a quarter more than its weights for good.
 *
 * <p>Does nothing where the C library is not GNU's. Any thread may call it.
 */
final class NativeMemory {

    private static final Logger LOG = LoggerFactory.getLogger(NativeMemory.class);

    /** Of mallopt(3): from which size on a block is mapped by itself, and unmapped when freed. */
    private static final int MAPPING_THRESHOLD = -3;

    /**
     * Less than the copies that a conversion makes, more than what is allocated by the thousand.
     */
    private static final int WHILE_LOADING = 1 << 20;

    /** The highest that the library would choose by itself: what every step needs is kept. */
    private static final int WHILE_RUNNING = 32 << 20;

    /** Of mallopt(3): from which size on free memory at a heap's end goes back to the system. */
    private static final int TRIM_THRESHOLD = -1;

    /**
     * More than a step takes. Set by hand, a threshold for mapping leaves this one at 128 KiB, and
     * every large result would be given back and faulted in anew: in a virtual machine a page that
     * is touched for the first time can cost more than what is computed for it.
     */
    private static final int KEPT_WHILE_RUNNING = 512 << 20;

    private static final Optional<NativeLibrary> LIBRARY = library();

    private NativeMemory() {}

    /** Loading begins: large blocks that are freed go back to the system at once. */
    static void beginLoading() {
        setThreshold(WHILE_LOADING);
        call("mallopt", TRIM_THRESHOLD, WHILE_LOADING);
    }

    /** Loading has ended: what smaller blocks have left is given back. */
    static void endLoading() {
        call("malloc_trim", new NativeLong(0));
        setThreshold(WHILE_RUNNING);
        call("mallopt", TRIM_THRESHOLD, KEPT_WHILE_RUNNING);
    }

    private static void setThreshold(int bytes) {
        call("mallopt", MAPPING_THRESHOLD, bytes);
    }

    private static void call(String name, Object... arguments) {
        LIBRARY.map(library -> library.getFunction(name))
                .ifPresent((Function function) -> function.invokeInt(arguments));
    }

    private static Optional<NativeLibrary> library() {
        try {
            NativeLibrary library = NativeLibrary.getInstance("c");
            library.getFunction("malloc_trim");
            library.getFunction("mallopt");
            return Optional.of(library);
        } catch (LinkageError e) {
            LOG.debug("Memory that is freed stays with the C library", e);
            return Optional.empty();
        }
    }
}
