package io.sightmill.llava;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What this process holds in memory right now. Source: proc(5), {@code /proc/self/status}.
 *
 * @param anonymousBytes memory of its own: heap, native tensors, stacks ({@code RssAnon})
 * @param fileBytes pages of mapped files, which the system takes back when it needs them ({@code
 *     RssFile})
 */
public record ProcessMemory(long anonymousBytes, long fileBytes) {

    private static final Path STATUS = Path.of("/proc/self/status");

    /** Empty where the system does not tell. */
    public static Optional<ProcessMemory> now() {
        try {
            return parse(Files.readString(STATUS));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    static Optional<ProcessMemory> parse(String status) {
        Map<String, Long> kibibytes =
                status.lines()
                        .map(line -> line.split("\\s+"))
                        .filter(words -> words.length == 3 && words[2].equals("kB"))
                        .collect(
                                Collectors.toMap(
                                        words -> words[0], words -> Long.parseLong(words[1])));
        Long anonymous = kibibytes.get("RssAnon:");
        Long file = kibibytes.get("RssFile:");
        return anonymous == null || file == null
                ? Optional.empty()
                : Optional.of(new ProcessMemory(anonymous << 10, file << 10));
    }
}
