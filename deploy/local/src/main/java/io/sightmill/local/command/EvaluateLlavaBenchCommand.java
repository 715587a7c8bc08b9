package io.sightmill.local.command;

import io.sightmill.tuning.benchmarks.LlavaBench;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Answers for LLaVA-Bench, and relative scores of a judge's reviews. */
@Command(
        name = "llava-bench",
        description = {
            "LLaVA-Bench: answers for a judge, and relative scores of a judge's reviews.",
            "A relative score is the mean of the candidate's over the mean of the reference's."
        },
        mixinStandardHelpOptions = true)
public final class EvaluateLlavaBenchCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;

    @Option(
            names = "--questions",
            paramLabel = "FILE",
            description = "questions.jsonl, to write or check ANSWERS.")
    private Path questions;

    @Option(
            names = "--reviews",
            paramLabel = "FILE",
            description = "A judge's reviews, one JSON object a line, to score; no ANSWERS then.")
    private Path reviews;

    @Mixin private BenchmarkMixin options;

    @Override
    public Integer call() {
        BenchmarkCommand command = new BenchmarkCommand(spec, options);
        if ((questions == null) == (reviews == null)) {
            throw new ParameterException(
                    spec.commandLine(), "name either --questions to answer, or --reviews to score");
        }
        if (reviews == null) {
            return command.run(bad -> new LlavaBench(questions, bad), images -> images);
        }
        if (options.answers().isPresent() || options.model().isPresent()) {
            throw new ParameterException(
                    spec.commandLine(), "--reviews are scored alone, without ANSWERS and --model");
        }
        return command.reported(bad -> LlavaBench.relativeScores(reviews, bad));
    }
}
