package io.sightmill.local.command;

import picocli.CommandLine.Command;

/** Visual instruction tuning, step by step: data, the stages, and what the result is worth. */
@Command(
        name = "tune",
        description = "Makes instruction data, tunes a model on it and evaluates the result.",
        mixinStandardHelpOptions = true,
        subcommands = {
            TuneScenesCommand.class,
            TuneInstructCommand.class,
            TunePretrainCommand.class,
            TuneAlignCommand.class,
            TuneInstructTuneCommand.class,
            TuneEvaluateCommand.class
        })
public final class TuneCommand {}
