package io.sightmill.local.command;

import io.sightmill.llava.AdamWOptions;
import io.sightmill.llava.AdapterOptions;
import io.sightmill.llava.TrainablePart;
import io.sightmill.llava.TrainingSetup;
import io.sightmill.tuning.samples.BadSamplePolicy;
import io.sightmill.tuning.training.TrainingPlan;
import io.sightmill.tuning.training.TuningStage;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The options of both stages of tuning. */
final class TrainingMixin {

    @Parameters(paramLabel = "DIR", description = "Where to write the tuned checkpoint.")
    private Path output;

    @Option(
            names = "--model",
            paramLabel = "DIR",
            required = true,
            description = "LLaVA checkpoint directory to begin with.")
    private Path model;

    @Option(
            names = "--data",
            paramLabel = "FILE",
            required = true,
            description = "Samples in LLaVA's training JSON; may be given several times.")
    private List<Path> data;

    @Option(
            names = "--images",
            paramLabel = "DIR",
            description = "Folder of the samples' images; default the first data file's.")
    private Path images;

    @Option(
            names = "--run",
            paramLabel = "DIR",
            description =
                    "Where figures, curves and the state to resume from are kept; default DIR.run."
                            + " The same command goes on where it was stopped.")
    private Path run;

    @Option(
            names = "--epochs",
            paramLabel = "N",
            description = "How often each sample is seen; default ${DEFAULT-VALUE}.",
            defaultValue = "1")
    private double epochs;

    @Option(
            names = "--steps",
            paramLabel = "N",
            description = "How many steps instead, however many epochs that is.")
    private Long steps;

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
            names = "--max-positions",
            paramLabel = "N",
            description = "Longer samples are bad; default what the model can take.")
    private Integer maxPositions;

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

    @Option(names = "--force", description = "Replace a checkpoint that is in DIR.")
    private boolean force;

    @Option(names = "--json", description = "One JSON object a step, and one at the end.")
    private boolean json;

    /** Number formats that matrix products can have. */
    enum Products {
        FLOAT32,
        BFLOAT16
    }

    TuningStage stage(Optional<String> template) {
        Path folder = images;
        if (folder == null) {
            folder = data.get(0).toAbsolutePath().getParent();
        }
        Path kept = run;
        if (kept == null) {
            Path name = output.toAbsolutePath().normalize().getFileName();
            kept = output.toAbsolutePath().normalize().resolveSibling(name + ".run");
        }
        return new TuningStage(
                model,
                output,
                kept,
                data,
                folder,
                template,
                Optional.ofNullable(maxPositions),
                force);
    }

    /**
     * @param samples how many there are
     * @throws IllegalArgumentException if an option is wrong
     */
    TrainingPlan plan(
            Set<TrainablePart> trained,
            Map<TrainablePart, Double> rates,
            Optional<AdapterOptions> adapters,
            long samples) {
        long stepsAnEpoch = Math.max(1, (samples + batch - 1) / Math.max(1, batch));
        long all = steps == null ? Math.max(1, Math.round(epochs * stepsAnEpoch)) : steps;
        return new TrainingPlan(
                new TrainingSetup(trained, products == Products.BFLOAT16, adapters, seed),
                rates,
                warmUp,
                new AdamWOptions(0.9, beta2, 1e-8, weightDecay, gradientNorm),
                batch,
                positionsAtOnce,
                all,
                seed,
                checkpointEvery,
                badSamples);
    }

    Path model() {
        return model;
    }

    Path output() {
        return output;
    }

    boolean json() {
        return json;
    }
}
