package io.sightmill.local.command;

import picocli.CommandLine.Command;

/** Looks after transactions that nobody will end any more. */
@Command(
        name = "transactions",
        description = {
            "Lists and aborts the open transactions of a job that was thrown away. Until they time",
            "out, readers of committed records see nothing behind them."
        },
        mixinStandardHelpOptions = true,
        subcommands = {ListTransactionsCommand.class, AbortTransactionsCommand.class})
public final class TransactionsCommand {}
