package io.sightmill.local.command;

import io.sightmill.llava.AdapterOptions;
import io.sightmill.llava.TrainablePart;
import io.sightmill.tuning.samples.InstructionSource;
import io.sightmill.tuning.training.TrainingPlan;
import io.sightmill.tuning.training.TuningStage;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

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
            converter = SourceConverter.class,
            description =
                    "Samples in LLaVA's training JSON; FILE:N takes the first N of them. May be"
                            + " given several times.")
    private List<InstructionSource> data;

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
            names = "--max-positions",
            paramLabel = "N",
            description = "Longer samples are bad; default what the model can take.")
    private Integer maxPositions;

    @Mixin private LearningMixin learning;

    @Option(names = "--force", description = "Replace a checkpoint that is in DIR.")
    private boolean force;

    /** What is wrong with a source is wrong usage. */
    static final class SourceConverter implements ITypeConverter<InstructionSource> {

        @Override
        public InstructionSource convert(String text) {
            try {
                return InstructionSource.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    TuningStage stage(Optional<String> template) {
        Path folder = images;
        if (folder == null) {
            folder = data.get(0).path().toAbsolutePath().getParent();
        }
        Path kept = LearningMixin.runDirectory(run, output);
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
        long all = steps == null ? learning.steps(epochs, samples) : steps;
        return learning.plan(trained, rates, adapters, all);
    }

    LearningMixin learning() {
        return learning;
    }
}
