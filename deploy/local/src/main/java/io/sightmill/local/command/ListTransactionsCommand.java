package io.sightmill.local.command;

import io.sightmill.sinks.kafka.OpenTransaction;
import io.sightmill.sinks.kafka.OpenTransactions;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shows which transactions are open. */
@Command(
        name = "list",
        description = "Lists open transactions, the oldest first. Ends 0 also where there is none.",
        mixinStandardHelpOptions = true)
public final class ListTransactionsCommand implements Callable<Integer> {

    @Mixin private TransactionsMixin which;

    @Override
    public Integer call() {
        Instant now = Instant.now();
        try (OpenTransactions transactions = which.connect()) {
            List<OpenTransaction> open = which.find(transactions, now);
            PrintStream output = new PrintStream(System.out, true, StandardCharsets.UTF_8);
            new TransactionsOutput(output, which.json(), now).print(open);
            if (open.isEmpty()) {
                System.err.println("no open transaction begins with " + which.prefix());
            }
        }
        return 0;
    }
}
