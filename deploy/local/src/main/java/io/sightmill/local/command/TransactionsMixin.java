package io.sightmill.local.command;

import io.sightmill.sinks.kafka.OpenTransaction;
import io.sightmill.sinks.kafka.OpenTransactions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** Which transactions a command is about. */
final class TransactionsMixin {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Spec(Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--bootstrap-servers",
            paramLabel = "HOST:PORT",
            required = true,
            description = "The Kafka cluster.")
    private String bootstrapServers;

    @Option(
            names = "--prefix",
            required = true,
            description =
                    "What transactional ids begin with: the job's transactional-id-prefix, by"
                            + " default sightmill-inference; with a colon at its end only the bulk"
                            + " lane's, with -live: only the live lane's.")
    private String prefix;

    @Option(
            names = "--older-than",
            paramLabel = "DURATION",
            description =
                    "Only what has been open for longer, as ISO-8601, for example PT10M;"
                            + " default everything.",
            defaultValue = "PT0S")
    private Duration olderThan;

    @Option(names = "--json", description = "One JSON object a transaction, a line each.")
    private boolean json;

    boolean json() {
        return json;
    }

    String prefix() {
        return prefix;
    }

    OpenTransactions connect() {
        if (prefix.isBlank()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--prefix is empty and would be every job's; give the job's own");
        }
        try {
            return OpenTransactions.on(bootstrapServers, PATIENCE);
        } catch (KafkaException exception) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--bootstrap-servers is " + bootstrapServers + ": " + reason(exception),
                    exception);
        }
    }

    /** Those that are asked for, the oldest first. */
    List<OpenTransaction> find(OpenTransactions transactions, Instant now) {
        try {
            return transactions.list(prefix).stream()
                    .filter(each -> each.age(now).compareTo(olderThan) >= 0)
                    .toList();
        } catch (KafkaException exception) {
            throw new CommandFailedException(
                    "cannot list transactions of "
                            + bootstrapServers
                            + ": "
                            + reason(exception)
                            + "; check that Kafka runs there and lets you describe transactions",
                    exception);
        }
    }

    static String reason(KafkaException exception) {
        Throwable cause = exception;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage());
    }
}
