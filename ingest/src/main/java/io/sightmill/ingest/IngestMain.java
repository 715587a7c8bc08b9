package io.sightmill.ingest;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * Runs ingest as a process: {@code IngestMain [FILE.properties] [KEY=VALUE...]}; later settings
 * win. Ends 2 for a wrong command line or configuration, 1 for a failure, 0 when told to stop.
 */
public final class IngestMain {

    private static final Duration START_TIMEOUT = Duration.ofMinutes(2);

    private IngestMain() {}

    public static void main(String[] arguments) throws InterruptedException {
        System.exit(run(List.of(arguments)));
    }

    static int run(List<String> arguments) throws InterruptedException {
        IngestConfig config;
        try {
            config = IngestConfig.of(settings(arguments));
        } catch (IllegalArgumentException exception) {
            System.err.println("ingest: " + exception.getMessage());
            return 2;
        }
        try (IngestApplication application =
                IngestApplication.start(config, InstantSource.system(), START_TIMEOUT)) {
            Runtime.getRuntime().addShutdownHook(new Thread(application::close, "ingest-close"));
            application.awaitEnd();
            return application.failure().isPresent() ? 1 : 0;
        } catch (IngestStartException exception) {
            System.err.println("ingest: " + exception.getMessage());
            return 1;
        }
    }

    /** The settings of a command line. */
    static Map<String, String> settings(List<String> arguments) {
        Map<String, String> settings = new HashMap<>();
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            if (equals > 0) {
                settings.put(argument.substring(0, equals), argument.substring(equals + 1));
            } else {
                settings.putAll(file(argument));
            }
        }
        return settings;
    }

    private static Map<String, String> file(String path) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(Path.of(path), StandardCharsets.UTF_8)) {
            properties.load(reader);
        } catch (IOException exception) {
            throw new IllegalArgumentException(
                    "cannot read the configuration file " + path + ": " + exception, exception);
        }
        Map<String, String> settings = new HashMap<>();
        properties.forEach((key, value) -> settings.put((String) key, (String) value));
        return settings;
    }
}
