package io.sightmill.engine;

import java.time.Duration;

/**
 * What bulk leaves free for live sequences to come: as much as live has had at once lately, the
 * peaks of a tenth of the steps left out. Where live requests keep coming, each would otherwise
 * drive out a bulk sequence whose prompt has just been prefilled; to leave a place free for a rare
 * peak costs bulk more than to give way to it.
 *
 * <p>No more than half of the places and of the memory, and nothing once live has been gone for
 * {@link #REMEMBERED} to twice that.
 */
final class LiveRoom {

    static final Duration REMEMBERED = Duration.ofSeconds(10);

    /** One step in so many may find that live wants more than is left free. */
    private static final int STEPS_A_PEAK = 10;

    private final EngineOptions options;
    private Use now = Use.NOTHING;
    private Spell spell;
    private Spell spellBefore;
    private long since;
    private boolean hasBegun;

    /** What the running sequences of the live lane hold. */
    record Use(int sequences, int kvTokens) {

        static final Use NOTHING = new Use(0, 0);
    }

    /**
     * The steps of a time, by how many live sequences they found.
     *
     * @param count how many steps
     * @param mostKvTokens most that the sequences held
     */
    private record Spell(long[] count, int[] mostKvTokens) {

        private static Spell of(EngineOptions options) {
            return new Spell(
                    new long[options.maxSequences() + 1], new int[options.maxSequences() + 1]);
        }

        private void add(Use use) {
            count[use.sequences()]++;
            mostKvTokens[use.sequences()] = Math.max(mostKvTokens[use.sequences()], use.kvTokens());
        }
    }

    LiveRoom(EngineOptions options) {
        this.options = options;
        this.spell = Spell.of(options);
        this.spellBefore = Spell.of(options);
    }

    /** Notes what live holds in the step that begins at this time. */
    void found(Use live, long nanoTime) {
        if (!hasBegun || nanoTime - since >= REMEMBERED.toNanos()) {
            boolean isRecent = hasBegun && nanoTime - since < 2 * REMEMBERED.toNanos();
            spellBefore = isRecent ? spell : Spell.of(options);
            spell = Spell.of(options);
            since = nanoTime;
            hasBegun = true;
        }
        holds(live);
        spell.add(live);
    }

    /** Notes what live holds now. */
    void holds(Use live) {
        now = live;
    }

    /** Places to leave free. */
    int sequences() {
        return Math.max(0, Math.min(usual(), options.maxSequences() / 2) - now.sequences());
    }

    /** KV memory to leave free, in positions. */
    int kvTokens() {
        int most = 0;
        for (int sequences = usual(); sequences > 0; sequences--) {
            most = Math.max(most, spell.mostKvTokens()[sequences]);
            most = Math.max(most, spellBefore.mostKvTokens()[sequences]);
        }
        return Math.max(0, Math.min(most, options.kvTokens() / 2) - now.kvTokens());
    }

    /** So many sequences that only peaks have had more. */
    private int usual() {
        long steps = 0;
        for (int sequences = 0; sequences <= options.maxSequences(); sequences++) {
            steps += steps(sequences);
        }
        int usual = options.maxSequences();
        for (long above = steps(usual); usual > 0 && above * STEPS_A_PEAK <= steps; ) {
            usual--;
            above += steps(usual);
        }
        return usual;
    }

    private long steps(int sequences) {
        return spell.count()[sequences] + spellBefore.count()[sequences];
    }
}
