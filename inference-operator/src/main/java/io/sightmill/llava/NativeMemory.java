package io.sightmill.llava;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import com.sun.jna.NativeLong;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives memory that native code has freed back to the system. The C library keeps what was freed
 * between blocks that stay, as it happens when large weights are converted one by one: without this
 * a checkpoint takes a quarter more than its weights for good.
 */
final class NativeMemory {

    private static final Logger LOG = LoggerFactory.getLogger(NativeMemory.class);
    private static final Optional<Function> TRIM = trimFunction();

    private NativeMemory() {}

    /** Does nothing where the C library has no such call. Any thread may call it. */
    static void giveBackFreed() {
        // The argument: how many bytes to keep for what comes next.
        TRIM.ifPresent(trim -> trim.invokeInt(new Object[] {new NativeLong(0)}));
    }

    private static Optional<Function> trimFunction() {
        try {
            return Optional.of(NativeLibrary.getInstance("c").getFunction("malloc_trim"));
        } catch (LinkageError e) {
            LOG.debug("Memory that is freed stays with the C library", e);
            return Optional.empty();
        }
    }
}
