package io.sightmill.local.command;

import io.sightmill.tuning.benchmarks.ScienceQa;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Accuracy on ScienceQA. */
@Command(
        name = "scienceqa",
        description = {
            "ScienceQA: accuracy in all, by subject, context and grade.",
            "A question without an answer counts as wrong."
        },
        mixinStandardHelpOptions = true)
public final class EvaluateScienceQaCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;

    @Option(
            names = "--problems",
            required = true,
            paramLabel = "FILE",
            description = "problems.json of the data set.")
    private Path problems;

    @Option(
            names = "--splits",
            required = true,
            paramLabel = "FILE",
            description = "pid_splits.json of the data set.")
    private Path splits;

    @Option(
            names = "--split",
            paramLabel = "NAME",
            description = "Which of its lists; default ${DEFAULT-VALUE}.",
            defaultValue = "test")
    private String split;

    @Mixin private BenchmarkMixin options;

    @Override
    public Integer call() {
        AtomicReference<ScienceQa> benchmark = new AtomicReference<>();
        return new BenchmarkCommand(spec, options)
                .run(
                        bad -> {
                            benchmark.set(new ScienceQa(problems, splits, split, bad));
                            return benchmark.get();
                        },
                        images -> benchmark.get().imageFolder(images));
    }
}
