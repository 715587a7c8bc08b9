package io.sightmill.local.command;

import io.sightmill.tuning.DataFileException;
import io.sightmill.tuning.instruct.InstructFiles;
import io.sightmill.tuning.instruct.InstructOptions;
import io.sightmill.tuning.instruct.InstructReport;
import io.sightmill.tuning.instruct.InstructRun;
import io.sightmill.tuning.instruct.SampleKind;
import io.sightmill.tuning.instruct.TeacherRefusedException;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes instruction data of captions and boxes. */
@Command(
        name = "instruct",
        description = {
            "Makes instruction data in LLaVA's training JSON from the captions and boxes in",
            "DIR/captions.jsonl, never from pixels: conversation.json, detail.json, reasoning.json,",
            "all three in instruct.json, and captions to align with in align.json. Goes on where an",
            "interrupted run stopped, and tries again what failed."
        },
        mixinStandardHelpOptions = true)
public final class TuneInstructCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "DIR", description = "A directory with captions.jsonl.")
    private Path directory;

    @Option(
            names = "--seed",
            paramLabel = "S",
            description = "Of what is left to chance; default ${DEFAULT-VALUE}.",
            defaultValue = "1")
    private long seed;

    @Option(
            names = "--kinds",
            paramLabel = "KIND",
            split = ",",
            description = "Some of ${COMPLETION-CANDIDATES}; default all.")
    private List<SampleKind> kinds = List.of(SampleKind.values());

    @Option(
            names = "--skip-bad",
            description =
                    "Report lines of the caption file that cannot be read and go on; default stop.")
    private boolean skipsBadLines;

    @Mixin private TeacherMixin teacherOptions;

    @Option(names = "--json", description = "One JSON object instead of the table.")
    private boolean json;

    @Override
    public Integer call() throws InterruptedException {
        PrintStream output = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        Path captions = new InstructFiles(directory).captions();
        if (!Files.isRegularFile(captions)) {
            throw new CommandFailedException(
                    captions + " is not there: 'sightmill tune scenes' writes one, or you do");
        }
        InstructReport report = run(captions);
        TuneInstructText.print(report, teacherOptions, json, output);
        if (!report.isWhole()) {
            throw new CommandFailedException("interrupted; the same command goes on");
        }
        return report.failures() == 0 ? 0 : 1;
    }

    private InstructReport run(Path captions) throws InterruptedException {
        try {
            Set<SampleKind> chosen = EnumSet.copyOf(kinds);
            InstructRun run =
                    new InstructRun(
                            directory,
                            new InstructOptions(
                                    seed, chosen, teacherOptions.concurrency(), skipsBadLines),
                            teacherOptions.teacher(),
                            teacherOptions.description());
            return run(run, lines(captions) * chosen.size());
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        } catch (DataFileException | TeacherRefusedException e) {
            throw new CommandFailedException(e.getMessage(), e);
        }
    }

    private static InstructReport run(InstructRun run, long samples) throws InterruptedException {
        try (Interruption interruption = Interruption.listen();
                TuneProgress progress =
                        new TuneProgress("instruct", " samples", samples, System.err)) {
            return run.run(
                    tried -> {
                        progress.reached(tried);
                        return !interruption.isRequested();
                    });
        }
    }

    private static long lines(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.count();
        } catch (IOException | UncheckedIOException e) {
            throw new CommandFailedException(file + " cannot be read: " + e, e);
        }
    }
}
