package io.sightmill.local.command;

import io.sightmill.sinks.kafka.OpenTransaction;
import io.sightmill.sinks.kafka.OpenTransactions;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Ends transactions that nobody will end any more. */
@Command(
        name = "abort",
        description = {
            "Aborts open transactions, so that readers of committed records go on. What lies in",
            "them is lost: only for a job that will not be restored. A job that runs after all",
            "fails at its next checkpoint and restarts. Ends 0 when none is left."
        },
        mixinStandardHelpOptions = true)
public final class AbortTransactionsCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;

    @Mixin private TransactionsMixin which;

    @Option(names = "--yes", description = "Abort; without it nothing is done.")
    private boolean yes;

    @Override
    public Integer call() {
        Instant now = Instant.now();
        PrintStream output = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        try (OpenTransactions transactions = which.connect()) {
            List<OpenTransaction> open = which.find(transactions, now);
            new TransactionsOutput(output, which.json(), now).print(open);
            if (!open.isEmpty() && !yes) {
                throw new ParameterException(
                        spec.commandLine(),
                        "add --yes to abort the %d transactions of %s: what they hold is lost"
                                .formatted(open.size(), which.prefix()));
            }
            open.forEach(each -> abort(transactions, each));
            System.err.println("aborted " + open.size() + " transactions of " + which.prefix());
        }
        return 0;
    }

    private static void abort(OpenTransactions transactions, OpenTransaction transaction) {
        try {
            transactions.abort(transaction);
        } catch (KafkaException exception) {
            throw new CommandFailedException(
                    "cannot abort "
                            + transaction.transactionalId()
                            + ": "
                            + TransactionsMixin.reason(exception)
                            + "; those listed before it are aborted",
                    exception);
        }
    }
}
