package io.sightmill.engine;

import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Lets waiting sequences in while they fit: live before bulk, first come first served inside a
 * lane. Nobody goes in the place of a head that does not fit: a large sequence would otherwise wait
 * for as long as small ones come.
 *
 * <p>Bulk fills what live leaves and has not needed lately ({@link LiveRoom}), and gives way when
 * live wants more: the youngest go first, and wait again in front of their lane with the tokens
 * they have. Where places become free by themselves in most steps ({@link FreedPlaces}), live waits
 * one step for that. To drive one out is a turn of live like any other, and in each turn that bulk
 * is owed the oldest of its sequences that could be driven out becomes one that keeps its place. As
 * many keep theirs at once as {@link EngineOptions#keptBulkSequences()} says; each runs to its end,
 * so that bulk always moves on and live waits for no more of it than that.
 */
final class Admission {

    private final WaitingLanes waiting;
    private final RunningSequences running;
    private final EngineEvents events;
    private final Answers answers;
    private final LongSupplier nanoTime;
    private final LaneTurns turns;
    private final LiveRoom room;
    private final FreedPlaces freed = new FreedPlaces();
    private final int mostKept;
    private final boolean prefillsKnown;
    private long preemptions;
    private boolean waitsForPlace;
    private boolean hasWaited;

    Admission(
            WaitingLanes waiting,
            RunningSequences running,
            EngineEvents events,
            Answers answers,
            EngineOptions options,
            LongSupplier nanoTime) {
        this.waiting = waiting;
        this.running = running;
        this.events = events;
        this.answers = answers;
        this.nanoTime = nanoTime;
        this.turns = new LaneTurns(options.bulkShare());
        this.room = new LiveRoom(options);
        this.mostKept = options.keptBulkSequences();
        this.prefillsKnown = options.prefillsKnownTokens();
    }

    /** Admits until nobody waits or whose turn it is does not fit. */
    void admit() {
        freed.found(running.size(Lane.BULK));
        hasWaited = waitsForPlace;
        waitsForPlace = false;
        boolean goesOn = true;
        while (goesOn) {
            room.holds(running.live(), nanoTime.getAsLong());
            Optional<WaitingSequence> live = waiting.head(Lane.LIVE);
            goesOn = live.isPresent() ? takeTurn(live.get()) : fillWithBulk();
        }
        freed.begins(running.size(Lane.BULK));
    }

    /**
     * Admits live sequences that come during a step and for which nobody has to give way. One that
     * does not fit waits for what the step frees, which is all the waiting that it does.
     */
    void admitLatecomers() {
        boolean goesOn = true;
        while (goesOn) {
            room.holds(running.live(), nanoTime.getAsLong());
            Optional<WaitingSequence> live = waiting.head(Lane.LIVE);
            waitsForPlace |= live.isPresent() && !fits(live.get());
            goesOn = live.isPresent() && fits(live.get()) && takeTurn(live.get());
        }
    }

    /** How often a sequence gave way. */
    long preemptions() {
        return preemptions;
    }

    private boolean fillWithBulk() {
        boolean fits = waiting.head(Lane.BULK).filter(this::fitsBesideLive).isPresent();
        if (fits) {
            admitHead(Lane.BULK);
        }
        return fits;
    }

    /** One of bulk always runs: one that needs more than live leaves must not wait for ever. */
    private boolean fitsBesideLive(WaitingSequence bulk) {
        return running.size(Lane.BULK) == 0 ? fits(bulk) : running.fitsBeside(room, bulk.request());
    }

    private boolean takeTurn(WaitingSequence live) {
        List<RunningSequence> yielding = running.yielding();
        boolean displaces = !fits(live) && !yielding.isEmpty();
        boolean bulkWaits = waiting.size(Lane.BULK) > 0 || displaces;
        boolean bulkHasItsShare = running.kept() >= mostKept;
        if (!bulkHasItsShare && turns.next(true, bulkWaits) == Lane.BULK) {
            return takeBulkTurn(yielding);
        }
        if (!fits(live) && (waitsAStep(yielding) || !makeRoom(live, yielding))) {
            return false;
        }
        turns.took(Lane.LIVE, bulkWaits);
        admitHead(Lane.LIVE);
        return true;
    }

    /** Never two steps in a row. */
    private boolean waitsAStep(List<RunningSequence> yielding) {
        waitsForPlace = !hasWaited && !yielding.isEmpty() && freed.oneIsLikely();
        return waitsForPlace;
    }

    /** A turn of bulk while live waits; it keeps the turn until it can be used. */
    private boolean takeBulkTurn(List<RunningSequence> yielding) {
        boolean headFits = waiting.head(Lane.BULK).filter(this::fitsBesideLive).isPresent();
        if (!headFits && yielding.isEmpty()) {
            return false;
        }
        turns.took(Lane.BULK, true);
        Optional<RunningSequence> admitted = headFits ? admitHead(Lane.BULK) : Optional.empty();
        if (yielding.isEmpty()) {
            admitted.ifPresent(RunningSequence::keepPlace);
        } else {
            yielding.get(0).keepPlace();
        }
        return true;
    }

    /** Drives out the youngest bulk sequences until a live one fits, or none if it never would. */
    private boolean makeRoom(WaitingSequence live, List<RunningSequence> yielding) {
        if (!running.fitsWithout(yielding, live.request())) {
            return false;
        }
        for (int youngest = yielding.size() - 1; !fits(live); youngest--) {
            RunningSequence displaced = yielding.get(youngest);
            running.release(displaced);
            waiting.putBack(displaced.givesWay(nanoTime.getAsLong()));
            preemptions++;
        }
        return true;
    }

    private boolean fits(WaitingSequence sequence) {
        return running.fits(sequence.request());
    }

    /**
     * Admits the first of a lane.
     *
     * @return empty if the model did not take it, of which the listener hears
     */
    private Optional<RunningSequence> admitHead(Lane lane) {
        WaitingSequence head = waiting.take(lane);
        SequenceRequest request = head.request();
        RunningSequence sequence =
                new RunningSequence(
                        head, answers.begin(request), prefillsKnown, nanoTime.getAsLong());
        try {
            running.admit(sequence);
            return Optional.of(sequence);
        } catch (CallHungException hung) {
            fail(request, hung);
            throw hung; // the others have lost their memory too
        } catch (RuntimeException | OutOfMemoryError refused) {
            fail(request, refused);
            return Optional.empty();
        } catch (Error fatal) {
            fail(request, fatal);
            throw fatal;
        }
    }

    private void fail(SequenceRequest request, Throwable refused) {
        String message = "the model did not take the sequence: " + refused;
        events.failed(
                request,
                new RequestRejectedException(
                        Stage.PREFILL, Reason.MODEL_FAILURE, message, refused));
    }
}
