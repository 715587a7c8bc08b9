package io.sightmill.local.command;

import picocli.CommandLine.Command;

/** Measures on this machine what the documentation states. */
@Command(
        name = "bench",
        description = "Measures precision, loading and speed on this machine.",
        mixinStandardHelpOptions = true,
        subcommands = {
            BenchPrecisionCommand.class,
            BenchLoadCommand.class,
            BenchEngineCommand.class,
            BenchPipelineCommand.class,
            BenchLanesCommand.class,
            BenchSoakCommand.class,
            BenchTuningCommand.class
        })
public final class BenchCommand {}
