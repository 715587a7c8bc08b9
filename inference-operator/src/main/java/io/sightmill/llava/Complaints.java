package io.sightmill.llava;

import io.sightmill.engine.ModelLoadException;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Who hears of what is wrong with a checkpoint. Loading gives up at the first complaint; an
 * inspection notes it, and the reader goes on with what is left.
 */
@FunctionalInterface
interface Complaints {

    void add(ModelLoadException complaint);

    default void add(String format, Object... values) {
        add(new ModelLoadException(format.formatted(values)));
    }

    /** Throws the first one. */
    static Complaints thrown() {
        return complaint -> {
            throw complaint;
        };
    }

    /** What a reader gives; empty if it cannot, and the complaint is heard. */
    default <T> Optional<T> attempt(Supplier<T> reader) {
        try {
            return Optional.of(reader.get());
        } catch (ModelLoadException complaint) {
            add(complaint);
            return Optional.empty();
        }
    }
}
