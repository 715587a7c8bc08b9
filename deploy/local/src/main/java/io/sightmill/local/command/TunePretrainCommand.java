package io.sightmill.local.command;

import io.sightmill.llava.CheckpointShapes;
import io.sightmill.llava.TrainablePart;
import io.sightmill.tuning.training.PretrainStage;
import io.sightmill.tuning.training.TrainingPlan;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Before stage 1: first weights, where none can be downloaded. */
@Command(
        name = "pretrain",
        description = {
            "Gives vision tower and language model their first weights: the tower learns to say of",
            "each patch which boxes' words it shows and where they are, the language model learns to",
            "speak from the captions. For models that there is nothing to download for."
        },
        mixinStandardHelpOptions = true)
public final class TunePretrainCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "DIR", description = "Where to write the pretrained checkpoint.")
    private Path output;

    @ArgGroup(multiplicity = "1")
    private Begin begin;

    @Option(
            names = "--data",
            paramLabel = "FILE",
            required = true,
            description = "Captions and boxes, as tune scenes writes them (captions.jsonl).")
    private Path data;

    @Option(
            names = "--images",
            paramLabel = "DIR",
            description = "Folder of the images; default that of the data file.")
    private Path images;

    @Option(
            names = "--dialogues",
            paramLabel = "FILE",
            description =
                    "LLaVA's training JSON that the language model reads too, without its images;"
                            + " may be given several times.")
    private List<Path> dialogues = List.of();

    @Option(
            names = "--run",
            paramLabel = "DIR",
            description =
                    "Where figures, curves and the states to resume from are kept; default DIR.run."
                            + " The same command goes on where it was stopped.")
    private Path run;

    @Option(
            names = "--vision-epochs",
            paramLabel = "N",
            description = "How often the tower sees each picture; default ${DEFAULT-VALUE}.",
            defaultValue = "2")
    private double visionEpochs;

    @Option(
            names = "--language-epochs",
            paramLabel = "N",
            description =
                    "How often the language model reads each text; default" + " ${DEFAULT-VALUE}.",
            defaultValue = "0.5")
    private double languageEpochs;

    @Option(
            names = "--vision-rate",
            paramLabel = "X",
            description = "The tower's highest learning rate; default ${DEFAULT-VALUE}.",
            defaultValue = "1e-3")
    private double visionRate;

    @Option(
            names = "--language-rate",
            paramLabel = "X",
            description = "The language model's highest learning rate; default ${DEFAULT-VALUE}.",
            defaultValue = "1e-3")
    private double languageRate;

    @Mixin private LearningMixin learning;

    @Option(names = "--force", description = "Replace a checkpoint that is in DIR.")
    private boolean force;

    /** One of two. */
    private static final class Begin {

        @Option(
                names = "--model",
                paramLabel = "DIR",
                description = "LLaVA checkpoint directory to begin with.")
        private Path model;

        @Option(
                names = "--shape",
                paramLabel = "NAME",
                description =
                        "Begin with random weights of this shape, as make-checkpoint has them, and a"
                                + " tokenizer learned from the texts; such as box.")
        private String shape;
    }

    @Override
    public Integer call() {
        PretrainStage stage = stage();
        return new TrainingCommand(spec, learning)
                .run(
                        progress ->
                                stage.train(
                                        pictures ->
                                                plan(
                                                        TrainablePart.VISION,
                                                        visionRate,
                                                        visionEpochs,
                                                        pictures),
                                        pictures ->
                                                plan(
                                                        TrainablePart.LANGUAGE,
                                                        languageRate,
                                                        languageEpochs,
                                                        pictures),
                                        progress),
                        stage.output(),
                        stage.run());
    }

    private PretrainStage stage() {
        try {
            return new PretrainStage(
                    begin.model == null
                            ? new PretrainStage.FromNothing(
                                    CheckpointShapes.named(begin.shape), learning.seed())
                            : new PretrainStage.FromCheckpoint(begin.model),
                    output,
                    LearningMixin.runDirectory(run, output),
                    data,
                    images == null ? data.toAbsolutePath().getParent() : images,
                    dialogues,
                    learning.badSamples(),
                    force);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private TrainingPlan plan(TrainablePart part, double rate, double epochs, long pictures) {
        return learning.plan(
                Set.of(part),
                Map.of(part, rate),
                Optional.empty(),
                learning.steps(epochs, pictures));
    }
}
