package io.sightmill.local.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sightmill.sinks.kafka.OpenTransaction;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** Open transactions as a table or as JSON lines. */
record TransactionsOutput(PrintStream output, boolean json, Instant now) {

    private static final String ROW = "%-60s %-14s %11s %6s %10s %10s  %s%n";

    void print(List<OpenTransaction> transactions) {
        if (json) {
            transactions.forEach(each -> output.println(json(each)));
            return;
        }
        if (!transactions.isEmpty()) {
            output.printf(
                    ROW,
                    "transactional id",
                    "state",
                    "producer id",
                    "epoch",
                    "open for",
                    "times out",
                    "partitions");
        }
        transactions.forEach(this::printRow);
    }

    private void printRow(OpenTransaction each) {
        output.printf(
                ROW,
                each.transactionalId(),
                each.state().toString().toLowerCase(Locale.ROOT),
                each.producerId(),
                each.producerEpoch(),
                each.since().isEmpty() ? "unknown" : words(each.age(now)),
                words(each.timeout()),
                String.join(",", each.partitions()));
    }

    ObjectNode json(OpenTransaction each) {
        ObjectNode line = JsonNodeFactory.instance.objectNode();
        line.put("transactionalId", each.transactionalId());
        line.put("state", each.state().toString());
        line.put("producerId", each.producerId()).put("producerEpoch", each.producerEpoch());
        each.since().ifPresent(since -> line.put("since", since.toString()));
        line.put("ageSeconds", each.age(now).toMillis() / 1e3);
        line.put("timeoutSeconds", each.timeout().toMillis() / 1e3);
        each.partitions().forEach(line.withArray("partitions")::add);
        return line;
    }

    /** The two largest units: 2d3h, 4h5m, 6m7s. */
    private static String words(Duration time) {
        if (time.toDays() > 0) {
            return time.toDays() + "d" + time.toHoursPart() + "h";
        }
        if (time.toHours() > 0) {
            return time.toHours() + "h" + time.toMinutesPart() + "m";
        }
        return time.toMinutes() + "m" + time.toSecondsPart() + "s";
    }
}
