package io.sightmill.local.command;

import io.sightmill.llava.LlavaModel;
import io.sightmill.local.deployment.NativeThreads;
import io.sightmill.tuning.evaluate.EvaluationFailedException;
import io.sightmill.tuning.evaluate.EvaluationOptions;
import io.sightmill.tuning.evaluate.EvaluationReport;
import io.sightmill.tuning.evaluate.Reply;
import io.sightmill.tuning.evaluate.SceneEvaluation;
import io.sightmill.tuning.scenes.SceneOptions;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Asks a model about scenes that no training can have seen; published benchmarks beside it. */
@Command(
        name = "evaluate",
        description = {
            "Asks a model about scenes that no training can have seen, skill by skill, and the same",
            "about black pictures: what the language alone guesses. Runs on the engine that serves.",
            "The commands below do the same with a published benchmark's own files."
        },
        mixinStandardHelpOptions = true,
        subcommands = {
            EvaluateScienceQaCommand.class,
            EvaluateLlavaBenchCommand.class,
            EvaluatePopeCommand.class,
            EvaluateTextVqaCommand.class
        })
public final class TuneEvaluateCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;

    @Option(
            names = "--model",
            paramLabel = "DIR",
            description = "LLaVA checkpoint directory; default the one in the box.")
    private Path model;

    @Option(
            names = "--scenes",
            paramLabel = "N",
            description = "How many scenes; default ${DEFAULT-VALUE}.",
            defaultValue = "2000")
    private long scenes;

    @Option(
            names = "--seed",
            paramLabel = "S",
            description =
                    "Which scenes; none of any seed can be trained with; default"
                            + " ${DEFAULT-VALUE}.",
            defaultValue = "1")
    private long seed;

    @Option(
            names = "--size",
            paramLabel = "PIXELS",
            description = "Side of an image; default ${DEFAULT-VALUE}.",
            defaultValue = "64")
    private int size;

    @Mixin private ModelMixin asked;

    @Option(
            names = "--replies",
            paramLabel = "FILE",
            description = "Also writes every question, answer and reply, one JSON object a line.")
    private Path replies;

    @Option(names = "--chart", paramLabel = "FILE", description = "Also draws a PNG.")
    private Path chart;

    @Option(names = "--json", description = "One JSON object instead of the table.")
    private boolean json;

    @Override
    public Integer call() {
        PrintStream output = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        SceneEvaluation evaluation = evaluation();
        Path directory = model == null ? DeploymentMixin.modelInTheBox() : model;
        NativeThreads.chooseFor(directory);
        EvaluationReport report = evaluate(evaluation, directory);
        if (chart != null) {
            draw(report);
        }
        if (json) {
            output.println(TuneEvaluateText.json(report));
        } else {
            TuneEvaluateText.print(report, output);
        }
        return 0;
    }

    private SceneEvaluation evaluation() {
        if (chart != null && !BenchChart.canBeAt(chart)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--chart is " + chart + ", which is no file in a directory there is");
        }
        try {
            return new SceneEvaluation(
                    new EvaluationOptions(scenes, seed, size, SceneOptions.defaults()));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private EvaluationReport evaluate(SceneEvaluation evaluation, Path directory) {
        try (LlavaModel loaded = load(directory);
                ReplyFile file = ReplyFile.at(Optional.ofNullable(replies));
                Interruption interruption = Interruption.listen();
                TuneProgress progress =
                        new TuneProgress("evaluate", " pictures", 2 * scenes, System.err)) {
            Consumer<Reply> listener = file::write;
            EvaluationReport report =
                    evaluation.run(
                            loaded,
                            listener,
                            reached -> {
                                progress.reached(reached);
                                return !interruption.isRequested();
                            });
            if (interruption.isRequested()) {
                throw new CommandFailedException("interrupted: there is no result");
            }
            return report;
        } catch (EvaluationFailedException e) {
            throw new CommandFailedException(e.getMessage(), e);
        }
    }

    private LlavaModel load(Path directory) {
        try (LoadingBar bar = json ? LoadingBar.hidden() : LoadingBar.onTerminal()) {
            return asked.open(directory, bar);
        }
    }

    private void draw(EvaluationReport report) {
        try {
            TuneEvaluateChart.write(report, chart);
        } catch (IOException e) {
            throw new CommandFailedException("cannot write " + chart + ": " + e, e);
        }
    }
}
