package io.sightmill.local.command;

import io.sightmill.llava.AdapterOptions;
import io.sightmill.llava.TrainablePart;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Stage 2: projector and language model learn to follow instructions. */
@Command(
        name = "instruct-tune",
        description = {
            "Stage 2 of tuning: trains projector and language model on instructions and their",
            "answers and leaves the vision tower as it is. With --lora-rank, adapters learn in place",
            "of the language model's weights and are merged at the end."
        },
        mixinStandardHelpOptions = true)
public final class TuneInstructTuneCommand implements Callable<Integer> {

    private static final double RATE = 2e-5;
    private static final double ADAPTER_RATE = 2e-4;

    @Spec private CommandSpec spec;
    @Mixin private TrainingMixin options;

    @Option(
            names = "--rate",
            paramLabel = "X",
            description = "Highest learning rate; default 2e-5, and 2e-4 for adapters.")
    private Double rate;

    @Option(
            names = "--projector-rate",
            paramLabel = "X",
            description = "The projector's; default that of --rate, and 2e-5 beside adapters.")
    private Double projectorRate;

    @Option(
            names = "--template",
            paramLabel = "NAME",
            description = "Chat template by name, such as llava_v1; default the checkpoint's own.")
    private String template;

    @Option(
            names = "--lora-rank",
            paramLabel = "R",
            description = "Train low-rank adapters of this rank; the authors took 128.")
    private Integer rank;

    @Option(
            names = "--lora-alpha",
            paramLabel = "X",
            description = "Adapters are scaled by this over their rank; default twice the rank.")
    private Double alpha;

    @Option(
            names = "--lora-dropout",
            paramLabel = "SHARE",
            description = "Of adapters' inputs that is left out; default ${DEFAULT-VALUE}.",
            defaultValue = "0.05")
    private double dropout;

    @Override
    public Integer call() {
        Optional<AdapterOptions> adapters;
        try {
            adapters =
                    Optional.ofNullable(rank)
                            .map(
                                    value ->
                                            new AdapterOptions(
                                                    value,
                                                    alpha == null ? 2.0 * value : alpha,
                                                    dropout));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
        double language = rate == null ? (rank == null ? RATE : ADAPTER_RATE) : rate;
        double projector = projectorRate != null ? projectorRate : rank == null ? language : RATE;
        return TrainingCommand.tune(
                spec,
                options,
                Optional.ofNullable(template),
                Set.of(TrainablePart.PROJECTOR, TrainablePart.LANGUAGE),
                Map.of(TrainablePart.PROJECTOR, projector, TrainablePart.LANGUAGE, language),
                adapters);
    }
}
