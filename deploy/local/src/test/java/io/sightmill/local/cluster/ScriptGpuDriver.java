package io.sightmill.local.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import org.apache.flink.api.common.externalresource.ExternalResourceDriver;
import org.apache.flink.api.common.externalresource.ExternalResourceDriverFactory;
import org.apache.flink.api.common.externalresource.ExternalResourceInfo;
import org.apache.flink.configuration.Configuration;

/**
 * Does what Flink's own GPU plugin does, which no repository has for the version in use: runs the
 * discovery script and hands out what it prints, indices separated by commas, as property "index".
 */
public final class ScriptGpuDriver implements ExternalResourceDriver {

    private static final String SCRIPT = "discovery-script.path";

    private final String script;

    private ScriptGpuDriver(String script) {
        this.script = script;
    }

    /** Named by {@code external-resource.gpu.driver-factory.class}. */
    public static final class Factory implements ExternalResourceDriverFactory {

        @Override
        public ExternalResourceDriver createExternalResourceDriver(Configuration configuration) {
            return new ScriptGpuDriver(configuration.toMap().get(SCRIPT));
        }
    }

    /** A device by its index. */
    public record Gpu(String index) implements ExternalResourceInfo {

        @Override
        public Optional<String> getProperty(String key) {
            return key.equals("index") ? Optional.of(index) : Optional.empty();
        }

        @Override
        public Collection<String> getKeys() {
            return Set.of("index");
        }
    }

    @Override
    public Set<? extends ExternalResourceInfo> retrieveResourceInfo(long amount)
            throws IOException {
        Process process = new ProcessBuilder(script, Long.toString(amount)).start();
        String printed =
                new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return Arrays.stream(printed.trim().split(",")).map(Gpu::new).collect(Collectors.toSet());
    }

    /**
     * Writes the plugin as Flink wants it, a jar in a folder of its own, and returns its parent.
     */
    static Path writePlugin(Path plugins) throws IOException {
        Path folder = Files.createDirectories(plugins.resolve("gpu"));
        Path jar = folder.resolve("gpu.jar");
        try (JarOutputStream output = new JarOutputStream(Files.newOutputStream(jar))) {
            for (Class<?> type : List.of(ScriptGpuDriver.class, Factory.class, Gpu.class)) {
                String name = type.getName().replace('.', '/') + ".class";
                try (InputStream bytes = type.getClassLoader().getResourceAsStream(name)) {
                    write(output, name, bytes.readAllBytes());
                }
            }
            write(
                    output,
                    "META-INF/services/" + ExternalResourceDriverFactory.class.getName(),
                    Factory.class.getName().getBytes(StandardCharsets.UTF_8));
        }
        return plugins;
    }

    private static void write(JarOutputStream output, String name, byte[] bytes)
            throws IOException {
        output.putNextEntry(new ZipEntry(name));
        output.write(bytes);
        output.closeEntry();
    }
}
