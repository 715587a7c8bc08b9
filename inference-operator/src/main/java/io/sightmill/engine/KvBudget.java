package io.sightmill.engine;

/**
 * KV memory as a hard budget in positions. What a sequence can take at most is reserved before it
 * starts, so no load can make the memory run out.
 *
 * <p>INVARIANT: 0 <= used <= capacity.
 */
final class KvBudget {

    private final int capacity;
    private int used;

    KvBudget(int capacity) {
        this.capacity = capacity;
    }

    int used() {
        return used;
    }

    boolean fits(int tokens) {
        return tokens <= capacity - used;
    }

    void reserve(int tokens) {
        if (tokens < 0 || !fits(tokens)) {
            throw new IllegalStateException(
                    "cannot reserve %d of %d KV tokens, %d are in use"
                            .formatted(tokens, capacity, used));
        }
        used += tokens;
    }

    void free(int tokens) {
        if (tokens < 0 || tokens > used) {
            throw new IllegalStateException(
                    "cannot free %d KV tokens, %d are in use".formatted(tokens, used));
        }
        used -= tokens;
    }
}
