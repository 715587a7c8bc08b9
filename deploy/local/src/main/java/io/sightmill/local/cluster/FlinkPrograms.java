package io.sightmill.local.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessSpec;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessUtils;
import org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint;
import org.apache.flink.runtime.jobmanager.JobManagerProcessSpec;
import org.apache.flink.runtime.jobmanager.JobManagerProcessUtils;
import org.apache.flink.runtime.taskexecutor.TaskManagerRunner;
import org.apache.flink.runtime.util.config.memory.ProcessMemoryUtils;

/**
 * Flink's own main classes, started as its shell scripts start them: sizes of the JVM worked out
 * from the configuration, and the configuration in a file.
 */
final class FlinkPrograms {

    private FlinkPrograms() {}

    static JavaProgram jobManager(
            Path directory, Map<String, String> settings, List<String> jvmOptions) {
        Configuration configuration = Configuration.fromMap(settings);
        JobManagerProcessSpec memory = JobManagerProcessUtils.processSpecFromConfig(configuration);
        return program(
                StandaloneSessionClusterEntrypoint.class,
                directory,
                settings,
                Map.of(),
                jvmOptions,
                JobManagerProcessUtils.generateJvmParametersStr(memory, configuration),
                JobManagerProcessUtils.generateDynamicConfigsStr(memory));
    }

    static JavaProgram taskManager(
            Path directory,
            Map<String, String> settings,
            Map<String, String> environment,
            List<String> jvmOptions) {
        TaskExecutorProcessSpec memory =
                TaskExecutorProcessUtils.processSpecFromConfig(Configuration.fromMap(settings));
        return program(
                TaskManagerRunner.class,
                directory,
                settings,
                environment,
                jvmOptions,
                ProcessMemoryUtils.generateJvmParametersStr(memory),
                TaskExecutorProcessUtils.generateDynamicConfigsStr(memory));
    }

    private static JavaProgram program(
            Class<?> mainClass,
            Path directory,
            Map<String, String> settings,
            Map<String, String> environment,
            List<String> jvmOptions,
            String memoryOptions,
            String memorySettings) {
        writeConfiguration(directory, settings);
        List<String> options = new ArrayList<>(jvmOptions);
        options.addAll(words(memoryOptions));
        List<String> arguments = new ArrayList<>(List.of("--configDir", directory.toString()));
        arguments.addAll(words(memorySettings));
        return new JavaProgram(
                mainClass.getName(), ClassPaths.ofFlink(), options, environment, arguments);
    }

    private static void writeConfiguration(Path directory, Map<String, String> settings) {
        String yaml =
                new TreeMap<>(settings)
                        .entrySet().stream()
                                .map(entry -> entry.getKey() + ": " + quoted(entry.getValue()))
                                .collect(Collectors.joining("\n", "", "\n"));
        try {
            Files.createDirectories(directory);
            Files.writeString(directory.resolve("config.yaml"), yaml);
        } catch (IOException exception) {
            throw new UncheckedIOException(exception);
        }
    }

    private static String quoted(String value) {
        return "'" + value.replace("'", "''") + "'";
    }

    private static List<String> words(String text) {
        return Arrays.stream(text.trim().split("\\s+")).filter(word -> !word.isEmpty()).toList();
    }
}
