package io.sightmill.local.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sightmill.local.deployment.BrokerAccess;
import io.sightmill.local.deployment.DataDirectory;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints the last committed records of a topic as JSON lines. */
@Command(
        name = "tail",
        description = "Prints the last committed records of a topic, decoded, as JSON lines.",
        mixinStandardHelpOptions = true)
public final class TailCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;

    @Parameters(
            paramLabel = "NAME",
            description = "The topic, with or without 'sightmill.': ${COMPLETION-CANDIDATES}.",
            completionCandidates = TopicRecords.Names.class)
    private String name;

    @Option(
            names = {"-n", "--records"},
            description = "How many of the last records a partition; default ${DEFAULT-VALUE}.",
            defaultValue = "10")
    private long records;

    @Option(
            names = {"-f", "--follow"},
            description = "Go on printing what is committed from now on, until Ctrl-C.")
    private boolean follow;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Data directory of the embedded deployment; default ~/.sightmill.")
    private Path data;

    @Option(
            names = "--bootstrap-servers",
            paramLabel = "HOST:PORT",
            description = "Another Kafka cluster than the one in the data directory.")
    private String bootstrapServers;

    @Override
    public Integer call() {
        TopicRecords codecs =
                TopicRecords.find(name)
                        .orElseThrow(
                                () ->
                                        new ParameterException(
                                                spec.commandLine(),
                                                "there is no topic '"
                                                        + name
                                                        + "', choose one of "
                                                        + TopicRecords.names()));
        if (records < 0) {
            throw new ParameterException(
                    spec.commandLine(), "--records is " + records + " and must be 0 or more");
        }
        PrintStream output = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        if (bootstrapServers != null) {
            print(codecs, bootstrapServers, output);
            return 0;
        }
        DataDirectory directory = data == null ? DataDirectory.standard() : new DataDirectory(data);
        try (BrokerAccess broker = BrokerAccess.open(directory)) {
            print(codecs, broker.bootstrapServers(), output);
        }
        return 0;
    }

    private void print(TopicRecords codecs, String servers, PrintStream output) {
        try (TopicTail tail = new TopicTail(servers, codecs.topic())) {
            tail.last(records, record -> output.println(line(codecs, record)));
            while (follow && !output.checkError()) {
                tail.next(record -> output.println(line(codecs, record)));
            }
        }
    }

    private static ObjectNode line(TopicRecords codecs, ConsumerRecord<byte[], byte[]> kept) {
        ObjectNode line = codecs.toJson(kept.value());
        ObjectNode origin = line.putObject("_kafka");
        origin.put("partition", kept.partition()).put("offset", kept.offset());
        origin.put("timestamp", Instant.ofEpochMilli(kept.timestamp()).toString());
        return line;
    }
}
