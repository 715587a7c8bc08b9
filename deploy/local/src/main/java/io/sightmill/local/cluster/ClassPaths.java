package io.sightmill.local.cluster;

import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** This JVM's class path, cut to what each kind of process may see. */
final class ClassPaths {

    /** Kafka Streams and Flink's RocksDB backend share class names, so Flink must not see these. */
    private static final List<String> NOT_FOR_FLINK = List.of("kafka-streams-", "rocksdbjni-");

    private ClassPaths() {}

    static String all() {
        return System.getProperty("java.class.path");
    }

    static String ofFlink() {
        return Arrays.stream(all().split(File.pathSeparator))
                .filter(entry -> !isForbidden(Path.of(entry).getFileName()))
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static boolean isForbidden(Path name) {
        return name != null && NOT_FOR_FLINK.stream().anyMatch(name.toString()::startsWith);
    }
}
