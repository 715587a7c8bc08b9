package io.sightmill.local.command;

import io.sightmill.llava.TrainablePart;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Stage 1: the projector learns to speak the language model's language. */
@Command(
        name = "align",
        description = {
            "Stage 1 of tuning: trains the projector on images and captions and leaves every other",
            "weight as it is."
        },
        mixinStandardHelpOptions = true)
public final class TuneAlignCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;
    @Mixin private TrainingMixin options;

    @Option(
            names = "--rate",
            paramLabel = "X",
            description = "Highest learning rate; default ${DEFAULT-VALUE}.",
            defaultValue = "1e-3")
    private double rate;

    @Option(
            names = "--template",
            paramLabel = "NAME",
            description =
                    "Chat template by name; default ${DEFAULT-VALUE}: the image, then its caption.",
            defaultValue = "plain")
    private String template;

    @Override
    public Integer call() {
        return TrainingCommand.tune(
                spec,
                options,
                Optional.of(template),
                Set.of(TrainablePart.PROJECTOR),
                Map.of(TrainablePart.PROJECTOR, rate),
                Optional.empty());
    }
}
