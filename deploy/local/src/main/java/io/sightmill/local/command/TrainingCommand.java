package io.sightmill.local.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.sightmill.llava.AdapterOptions;
import io.sightmill.llava.TrainablePart;
import io.sightmill.tuning.training.TrainingFailedException;
import io.sightmill.tuning.training.TuningStage;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** A stage's run as a command: progress, result, and mistakes in one line. */
record TrainingCommand(CommandSpec spec, LearningMixin learning) {

    /** What a command does. */
    interface Work {

        /** Trains to the end. */
        void train(TrainingProgress progress) throws InterruptedException;
    }

    /** Either stage of tuning. */
    static int tune(
            CommandSpec spec,
            TrainingMixin options,
            Optional<String> template,
            Set<TrainablePart> trained,
            Map<TrainablePart, Double> rates,
            Optional<AdapterOptions> adapters) {
        TuningStage stage = options.stage(template);
        return new TrainingCommand(spec, options.learning())
                .run(
                        progress ->
                                stage.train(
                                        samples -> options.plan(trained, rates, adapters, samples),
                                        progress),
                        stage.output(),
                        stage.run());
    }

    /**
     * @param checkpoint what will be written
     * @param run where its figures are kept
     */
    int run(Work work, Path checkpoint, Path run) {
        PrintStream output = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        PrintStream errors = new PrintStream(System.err, true, StandardCharsets.UTF_8);
        TrainingProgress progress = new TrainingProgress(output, errors, learning.json());
        learning.adviceOnProducts().ifPresent(errors::println);
        try (progress) {
            work.train(progress);
            progress.close();
            print(checkpoint, run, progress, output);
            return 0;
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        } catch (TrainingFailedException | UncheckedIOException e) {
            throw new CommandFailedException(e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailedException("interrupted; the same command goes on", e);
        }
    }

    private void print(Path checkpoint, Path run, TrainingProgress progress, PrintStream output) {
        if (learning.json()) {
            output.println(
                    JsonNodeFactory.instance
                            .objectNode()
                            .put("checkpoint", checkpoint.toString())
                            .put("run", run.toString())
                            .put("steps", progress.lastStep())
                            .put("loss", progress.loss())
                            .put("badSamples", progress.bad()));
        } else {
            output.printf(
                    Locale.ROOT,
                    "%s: trained, loss %.3f at the end; figures and curves in %s%n",
                    checkpoint,
                    progress.loss(),
                    run);
        }
    }
}
