package io.sightmill.broker.testing;

import io.sightmill.broker.BrokerOptions;
import io.sightmill.broker.EmbeddedBroker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The product's own broker in a temporary directory that goes with it. */
record EmbeddedKafka(EmbeddedBroker broker, Path directory) implements RunningKafka {

    static EmbeddedKafka start() {
        try {
            Path directory = Files.createTempDirectory("sightmill-kafka");
            return new EmbeddedKafka(EmbeddedBroker.start(BrokerOptions.in(directory)), directory);
        } catch (IOException exception) {
            throw new UncheckedIOException(exception);
        }
    }

    @Override
    public String bootstrapServers() {
        return broker.bootstrapServers();
    }

    @Override
    public void close() {
        broker.close();
        try (Stream<Path> paths = Files.walk(directory)) {
            List<Path> deepestFirst = paths.sorted(Comparator.reverseOrder()).toList();
            for (Path path : deepestFirst) {
                Files.deleteIfExists(path);
            }
        } catch (IOException exception) {
            throw new UncheckedIOException(exception);
        }
    }
}
