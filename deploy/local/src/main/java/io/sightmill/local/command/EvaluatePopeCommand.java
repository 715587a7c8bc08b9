package io.sightmill.local.command;

import io.sightmill.tuning.benchmarks.Pope;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Hallucinated objects, by POPE. */
@Command(
        name = "pope",
        description = "POPE: accuracy, precision, recall and F1 of yes and no, by category.",
        mixinStandardHelpOptions = true)
public final class EvaluatePopeCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;

    @Option(
            names = "--questions",
            required = true,
            paramLabel = "FILE",
            description = "llava_pope_test.jsonl.")
    private Path questions;

    @Option(
            names = "--labels",
            required = true,
            paramLabel = "DIR",
            description = "Folder with coco_pope_random.json and its like.")
    private Path labels;

    @Mixin private BenchmarkMixin options;

    @Override
    public Integer call() {
        return new BenchmarkCommand(spec, options)
                .run(bad -> new Pope(questions, labels, bad), images -> images);
    }
}
