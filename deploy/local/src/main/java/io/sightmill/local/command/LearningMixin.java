package io.sightmill.local.command;

import io.sightmill.llava.AdamWOptions;
import io.sightmill.llava.AdapterOptions;
import io.sightmill.llava.ProductRates;
import io.sightmill.llava.TrainablePart;
import io.sightmill.llava.TrainingSetup;
import io.sightmill.tuning.samples.BadSamplePolicy;
import io.sightmill.tuning.training.TrainingPlan;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Option;

/** The options of every stage that trains: how its steps are made. */
final class LearningMixin {

    /** Below this rate of products, as a share of float32's, bfloat16 costs more than it saves. */
    private static final double WORTHWHILE = 0.8;

    @Option(
            names = "--batch",
            paramLabel = "N",
            description = "Samples a step; default ${DEFAULT-VALUE}.",
            defaultValue = "128")
    private int batch;

    @Option(
            names = "--positions-at-once",
            paramLabel = "N",
            description =
                    "Positions that go through the model at once, as far as memory allows; a batch"
                            + " of more is run in parts that add up to the same; default"
                            + " ${DEFAULT-VALUE}.",
            defaultValue = "8192")
    private int positionsAtOnce;

    @Option(
            names = "--lanes",
            paramLabel = "N",
            description =
                    "Threads that share a step, each with gradients of its own, which add up to the"
                            + " same; for small models as many as there are processors; default"
                            + " ${DEFAULT-VALUE}.",
            defaultValue = "1")
    private int lanes;

    @Option(
            names = "--warm-up",
            paramLabel = "SHARE",
            description = "Of all steps, until the rate is highest; default ${DEFAULT-VALUE}.",
            defaultValue = "0.03")
    private double warmUp;

    @Option(
            names = "--weight-decay",
            paramLabel = "X",
            description = "AdamW's; default ${DEFAULT-VALUE}.",
            defaultValue = "0")
    private double weightDecay;

    @Option(
            names = "--beta2",
            paramLabel = "X",
            description = "AdamW's; default ${DEFAULT-VALUE}.",
            defaultValue = "0.999")
    private double beta2;

    @Option(
            names = "--gradient-norm",
            paramLabel = "X",
            description =
                    "Gradients of a larger norm are scaled down to it; 0 for no bound; default"
                            + " ${DEFAULT-VALUE}.",
            defaultValue = "1")
    private double gradientNorm;

    @Option(
            names = "--products",
            description =
                    "Number format of the matrix products, float32 or bfloat16; weights that learn"
                            + " are kept in float32. Default ${DEFAULT-VALUE}.",
            defaultValue = "BFLOAT16")
    private Products products;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Of the samples' order; default ${DEFAULT-VALUE}.",
            defaultValue = "1")
    private long seed;

    @Option(
            names = "--checkpoint-every",
            paramLabel = "STEPS",
            description = "How often the state is saved; default ${DEFAULT-VALUE}.",
            defaultValue = "100")
    private long checkpointEvery;

    @Option(
            names = "--bad-samples",
            description =
                    "What to do when there are bad samples, which are reported either way:"
                            + " ${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}.",
            defaultValue = "REFUSE")
    private BadSamplePolicy badSamples;

    @Option(names = "--json", description = "One JSON object a step, and one at the end.")
    private boolean json;

    /** Number formats that matrix products can have. */
    enum Products {
        FLOAT32,
        BFLOAT16
    }

    /** How many steps epochs take. */
    long steps(double epochs, long samples) {
        long stepsAnEpoch = Math.max(1, (samples + batch - 1) / Math.max(1, batch));
        return Math.max(1, Math.round(epochs * stepsAnEpoch));
    }

    /**
     * @throws IllegalArgumentException if an option is wrong
     */
    TrainingPlan plan(
            Set<TrainablePart> trained,
            Map<TrainablePart, Double> rates,
            Optional<AdapterOptions> adapters,
            long steps) {
        return new TrainingPlan(
                new TrainingSetup(trained, products == Products.BFLOAT16, adapters, seed, lanes),
                rates,
                warmUp,
                new AdamWOptions(0.9, beta2, 1e-8, weightDecay, gradientNorm),
                batch,
                positionsAtOnce,
                steps,
                seed,
                checkpointEvery,
                badSamples);
    }

    /** What to say where the other number format is much faster on this machine. */
    Optional<String> adviceOnProducts() {
        return products == Products.BFLOAT16
                ? adviceAgainstBfloat16(ProductRates.measure())
                : Optional.empty();
    }

    static Optional<String> adviceAgainstBfloat16(ProductRates rates) {
        double share = rates.bfloat16() / rates.float32();
        return share < WORTHWHILE
                ? Optional.of(
                        String.format(
                                Locale.ROOT,
                                "sightmill tune: this processor multiplies bfloat16 at %.2f of the"
                                        + " rate of float32; --products FLOAT32 trains faster here",
                                share))
                : Optional.empty();
    }

    /** Where a run is kept: where the user says, or beside its output. */
    static Path runDirectory(Path chosen, Path output) {
        if (chosen != null) {
            return chosen;
        }
        Path whole = output.toAbsolutePath().normalize();
        return whole.resolveSibling(whole.getFileName() + ".run");
    }

    BadSamplePolicy badSamples() {
        return badSamples;
    }

    long seed() {
        return seed;
    }

    boolean json() {
        return json;
    }
}
