package io.sightmill.flink.quarantine;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files in which HotSpot says why it died ({@code -XX:ErrorFile}), of the processes that ran
 * here before: they tell a record that crashes a native library from a machine that went away.
 */
final class CrashLogs {

    private static final Logger LOG = LoggerFactory.getLogger(CrashLogs.class);

    private static final String NUMBER = "%p";
    private static final String DEFAULT = "hs_err_pid" + NUMBER + ".log";
    private static final Duration RECENT = Duration.ofHours(1);
    private static final int HEAD_BYTES = 4 << 10;

    /** As "# SIGSEGV (0xb) at pc=0x00007f, pid=1, tid=2", and the frame it was in. */
    private static final Pattern SIGNAL = Pattern.compile("(?m)^#  (SIG\\w+ \\(0x\\w+\\))");

    private static final Pattern FRAME =
            Pattern.compile("(?m)^# Problematic frame:\\R# (\\S.{0,200})$");

    private final Path directory;
    private final Pattern name;

    /**
     * @param errorFile the JVM's option, as HotSpot writes it; empty for its default
     */
    CrashLogs(String errorFile) {
        Path file = Path.of(errorFile.isBlank() ? DEFAULT : errorFile).toAbsolutePath();
        directory = file.getParent();
        name =
                Pattern.compile(
                        Pattern.quote(file.getFileName().toString())
                                .replace(NUMBER, "\\E(\\d+)\\Q"));
    }

    /** Those that this JVM would write its own to. */
    static CrashLogs ofThisJvm() {
        return new CrashLogs(
                ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                        .filter(argument -> argument.startsWith("-XX:ErrorFile="))
                        .reduce((before, last) -> last)
                        .map(argument -> argument.substring(argument.indexOf('=') + 1))
                        .orElse(""));
    }

    /** What happened here in the last hour; empty if nothing can be read. */
    List<Crash> recent() {
        long earliest = System.currentTimeMillis() - RECENT.toMillis();
        List<Crash> crashes = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                read(file).filter(crash -> crash.at() >= earliest).ifPresent(crashes::add);
            }
        } catch (IOException exception) {
            LOG.debug("cannot look for crash logs in {}", directory, exception);
        }
        return crashes;
    }

    private Optional<Crash> read(Path file) throws IOException {
        Matcher matcher = name.matcher(file.getFileName().toString());
        if (!matcher.matches() || matcher.groupCount() == 0 || !Files.isRegularFile(file)) {
            return Optional.empty();
        }
        return Optional.of(
                new Crash(
                        EngineName.thisHost(),
                        Long.parseLong(matcher.group(1)),
                        Files.getLastModifiedTime(file).toMillis(),
                        cause(file)));
    }

    private static String cause(Path file) throws IOException {
        byte[] head;
        try (var input = Files.newInputStream(file)) {
            head = input.readNBytes(HEAD_BYTES);
        }
        String text = new String(head, StandardCharsets.UTF_8);
        String found =
                List.of(SIGNAL, FRAME).stream()
                        .map(pattern -> pattern.matcher(text))
                        .filter(Matcher::find)
                        .map(matcher -> matcher.group(1))
                        .collect(Collectors.joining(" in "));
        return "its process crashed: " + (found.isEmpty() ? "see " + file : found);
    }
}
