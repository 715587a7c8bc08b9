package io.sightmill.local.command;

import picocli.CommandLine.Command;

/** Looks into the topics. */
@Command(
        name = "topics",
        description = "Shows what lies in the topics.",
        mixinStandardHelpOptions = true,
        subcommands = TailCommand.class)
public final class TopicsCommand {}
