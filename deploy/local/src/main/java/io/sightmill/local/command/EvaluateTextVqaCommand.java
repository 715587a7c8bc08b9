package io.sightmill.local.command;

import io.sightmill.tuning.benchmarks.TextVqa;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Accuracy on TextVQA. */
@Command(
        name = "textvqa",
        description =
                "TextVQA: accuracy against ten people's answers, as the EvalAI server counts.",
        mixinStandardHelpOptions = true)
public final class EvaluateTextVqaCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;

    @Option(
            names = "--annotations",
            required = true,
            paramLabel = "FILE",
            description = "TextVQA_0.5.1_val.json.")
    private Path annotations;

    @Option(
            names = "--questions",
            paramLabel = "FILE",
            description =
                    "What to ask, such as llava_textvqa_val_v051_ocr.jsonl; default the"
                            + " annotations' questions without hints.")
    private Path questions;

    @Mixin private BenchmarkMixin options;

    @Override
    public Integer call() {
        return new BenchmarkCommand(spec, options)
                .run(
                        bad -> new TextVqa(annotations, Optional.ofNullable(questions), bad),
                        images -> images);
    }
}
