package io.sightmill.local.command;

import io.sightmill.llava.LlavaModel;
import io.sightmill.local.deployment.NativeThreads;
import io.sightmill.tuning.DataFileException;
import io.sightmill.tuning.benchmarks.AnsweringRun;
import io.sightmill.tuning.benchmarks.BadEntries;
import io.sightmill.tuning.benchmarks.Benchmark;
import io.sightmill.tuning.benchmarks.BenchmarkQuestion;
import io.sightmill.tuning.benchmarks.BenchmarkReport;
import io.sightmill.tuning.benchmarks.GivenAnswer;
import io.sightmill.tuning.evaluate.EvaluationFailedException;
import io.sightmill.tuning.evaluate.ModelRespondent;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** A published benchmark as a command: asks a model where one is named, then marks the answers. */
record BenchmarkCommand(CommandSpec spec, BenchmarkMixin options) {

    /**
     * @param read reads the benchmark's files
     * @param imageFolder where the pictures are, given the folder that the user named
     */
    int run(Function<BadEntries, Benchmark> read, UnaryOperator<Path> imageFolder) {
        requireUsable();
        return reported(
                bad -> {
                    Benchmark benchmark = read.apply(bad);
                    bad.settle();
                    Path answers = options.answers().orElseThrow();
                    if (options.model().isPresent()) {
                        ask(benchmark, imageFolder.apply(options.images().orElseThrow()), bad);
                    }
                    List<GivenAnswer> given = GivenAnswer.read(answers, bad);
                    return benchmark.score(given, bad);
                });
    }

    /** Prints what a benchmark finds, if there is nothing bad that must not be left out. */
    int reported(Function<BadEntries, BenchmarkReport> find) {
        PrintStream output = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        PrintStream errors = new PrintStream(System.err, true, StandardCharsets.UTF_8);
        BadEntries bad = new BadEntries(options.skipsBad(), each -> errors.println("bad: " + each));
        try {
            BenchmarkReport report = find.apply(bad);
            bad.settle();
            if (options.json()) {
                output.println(BenchmarkText.json(report, bad.count()));
            } else {
                BenchmarkText.print(report, bad.count(), output);
            }
            return 0;
        } catch (DataFileException | EvaluationFailedException e) {
            throw new CommandFailedException(e.getMessage(), e);
        }
    }

    private void requireUsable() {
        if (options.answers().isEmpty()) {
            throw wrong("name an ANSWERS file to score, or to write with --model");
        }
        if (options.model().isPresent() && options.images().isEmpty()) {
            throw wrong("--model needs --images, the folder of the questions' pictures");
        }
        if (options.model().isPresent() && !Files.isDirectory(options.model().get())) {
            throw wrong("--model is " + options.model().get() + ", which is no directory");
        }
        if (options.images().isPresent() && !Files.isDirectory(options.images().get())) {
            throw wrong("--images is " + options.images().get() + ", which is no directory");
        }
        if (options.maxNewTokens(1) < 1) {
            throw wrong(
                    "--max-new-tokens is %d and must be at least 1"
                            .formatted(options.maxNewTokens(1)));
        }
    }

    private ParameterException wrong(String problem) {
        return new ParameterException(spec.commandLine(), problem);
    }

    private void ask(Benchmark benchmark, Path images, BadEntries bad) {
        List<BenchmarkQuestion> questions =
                AnsweringRun.withImages(benchmark.questions(), images, bad);
        bad.settle();
        NativeThreads.chooseFor(options.model().orElseThrow());
        int tokens = options.maxNewTokens(benchmark.maxNewTokens());
        try (LlavaModel model = options.load();
                AnsweringRun run =
                        new AnsweringRun(
                                options.answers().orElseThrow(),
                                model.description().name(),
                                options.description(model, tokens));
                ModelRespondent respondent = new ModelRespondent(model);
                Interruption interruption = Interruption.listen();
                TuneProgress progress =
                        new TuneProgress("ask", " questions", questions.size(), System.err)) {
            boolean isWhole =
                    run.run(
                            respondent,
                            questions,
                            images,
                            tokens,
                            bad,
                            passed -> {
                                progress.reached(passed);
                                return !interruption.isRequested();
                            });
            if (!isWhole) {
                throw new CommandFailedException("interrupted; the same command goes on");
            }
        }
    }
}
