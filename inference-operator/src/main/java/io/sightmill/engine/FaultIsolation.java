package io.sightmill.engine;

import java.util.ArrayList;
import java.util.List;

/**
 * Runs a plan, and if the runner throws, finds the sequence it throws on: the plan is run in
 * halves, and those again, until the culprit stands alone. No sequence of a failed plan has
 * advanced, so the others go on as if it had not been there.
 *
 * <p>If nothing of a plan succeeded, by exceptions or by failed outputs, the device itself may be
 * gone: it is probed, and what fails then is the engine, before a single sequence is. To count
 * failures instead would let two broken records pass for a broken device, again after every
 * restart.
 *
 * <p>An {@link OutOfMemoryError} is treated alike, for what asked too much is one sequence; any
 * other error is a fault of the machine or of ours and goes up.
 */
final class FaultIsolation {

    /** A part of a plan that ran. */
    record Part(BatchPlan plan, StepResult result) {}

    /** A plan of one sequence that failed. */
    record Fault(Sequence sequence, Stage stage, Throwable cause) {}

    /** What became of a plan: each of its sequences is in one part or one fault. */
    record Outcome(List<Part> parts, List<Fault> faults) {}

    private final ModelRunner runner;
    private final Quarantine quarantine;

    FaultIsolation(ModelRunner runner, Quarantine quarantine) {
        this.runner = runner;
        this.quarantine = quarantine;
    }

    /**
     * @throws EngineFailureException if the device does not work
     * @throws CallHungException if a part of the plan did not return; nobody has advanced then
     */
    Outcome run(BatchPlan plan) {
        Outcome outcome = new Outcome(new ArrayList<>(), new ArrayList<>());
        for (BatchPlan part : quarantine.parts(plan)) {
            run(part, outcome);
            quarantine.clear(part);
        }
        if (plan.size() > 0 && failures(outcome) == plan.size()) {
            probe(plan, outcome);
        }
        return outcome;
    }

    private static int failures(Outcome outcome) {
        int failures = outcome.faults().size();
        for (Part part : outcome.parts()) {
            for (SequenceOutput output : part.result().outputs()) {
                failures += output instanceof SequenceOutput.Failed ? 1 : 0;
            }
        }
        return failures;
    }

    private void probe(BatchPlan plan, Outcome outcome) {
        try {
            runner.probe();
        } catch (EngineFailureException gone) {
            throw gone;
        } catch (RuntimeException | OutOfMemoryError gone) {
            outcome.faults().forEach(fault -> gone.addSuppressed(fault.cause()));
            throw new EngineFailureException(
                    "the device does not work: all %d sequences of a step failed, and so did a probe"
                            .formatted(plan.size()),
                    gone);
        }
    }

    private void run(BatchPlan plan, Outcome outcome) {
        StepResult result;
        try {
            result = runner.run(plan);
        } catch (CallHungException | EngineFailureException hung) {
            throw hung;
        } catch (RuntimeException | OutOfMemoryError failure) {
            split(plan, failure, outcome);
            return;
        }
        outcome.parts().add(new Part(plan, result));
    }

    private void split(BatchPlan plan, Throwable failure, Outcome outcome) {
        if (plan.size() == 1) {
            outcome.faults().add(fault(plan, failure));
            return;
        }
        int half = plan.size() / 2;
        run(plan.part(0, half), outcome);
        run(plan.part(half, plan.size()), outcome);
    }

    /** The fault of a plan of one sequence. */
    static Fault fault(BatchPlan plan, Throwable failure) {
        if (!plan.embeds().isEmpty()) {
            return new Fault(plan.embeds().get(0), Stage.ENCODE, failure);
        }
        if (!plan.prefills().isEmpty()) {
            return new Fault(plan.prefills().get(0).sequence(), Stage.PREFILL, failure);
        }
        return new Fault(plan.decodes().get(0), Stage.DECODE, failure);
    }
}
