package io.sightmill.local.cluster;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a child JVM runs.
 *
 * @param mainClass name of a public class with a main method
 * @param classPath in the form of {@code java.class.path}
 * @param priority command that gives it one; empty for this process's own
 * @param jvmOptions sizes and system properties
 * @param environment variables added to this process's own
 * @param arguments of the main method
 */
record JavaProgram(
        String mainClass,
        String classPath,
        List<String> priority,
        List<String> jvmOptions,
        Map<String, String> environment,
        List<String> arguments) {

    private static final List<String> SECOND = List.of("nice", "-n", "10");

    private static final String COMPILES_QUICKLY = "-XX:TieredStopAtLevel=1";

    JavaProgram {
        priority = List.copyOf(priority);
        jvmOptions = List.copyOf(jvmOptions);
        environment = Map.copyOf(environment);
        arguments = List.copyOf(arguments);
    }

    /** One that runs as others do. */
    JavaProgram(
            String mainClass,
            String classPath,
            List<String> jvmOptions,
            Map<String, String> environment,
            List<String> arguments) {
        this(mainClass, classPath, List.of(), jvmOptions, environment, arguments);
    }

    /** The same, compiled quickly: compiling well takes longer than it runs. */
    JavaProgram compiledQuickly() {
        List<String> options = new ArrayList<>(List.of(COMPILES_QUICKLY));
        options.addAll(jvmOptions);
        return new JavaProgram(mainClass, classPath, priority, options, environment, arguments);
    }

    /** The same, compiled quickly and taking what the others leave of the processors. */
    JavaProgram second() {
        JavaProgram quick = compiledQuickly();
        return new JavaProgram(
                mainClass, classPath, SECOND, quick.jvmOptions, environment, arguments);
    }

    ProcessBuilder builder() {
        List<String> command = new ArrayList<>(priority);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmOptions);
        command.add(ChildMain.class.getName());
        command.add(mainClass);
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command);
        // By the environment: a class path is long, and a listing of processes should be read.
        builder.environment().put("CLASSPATH", classPath);
        builder.environment().putAll(environment);
        return builder;
    }
}
