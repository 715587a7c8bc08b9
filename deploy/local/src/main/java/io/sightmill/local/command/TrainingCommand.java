package io.sightmill.local.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.sightmill.llava.AdapterOptions;
import io.sightmill.llava.TrainablePart;
import io.sightmill.tuning.training.TrainingFailedException;
import io.sightmill.tuning.training.TuningStage;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** A stage's run as a command: progress, result, and mistakes in one line. */
record TrainingCommand(CommandSpec spec, TrainingMixin options) {

    int run(
            Optional<String> template,
            Set<TrainablePart> trained,
            Map<TrainablePart, Double> rates,
            Optional<AdapterOptions> adapters) {
        PrintStream output = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        PrintStream errors = new PrintStream(System.err, true, StandardCharsets.UTF_8);
        TrainingProgress progress = new TrainingProgress(output, errors, options.json());
        try (progress) {
            TuningStage stage = options.stage(template);
            stage.train(samples -> options.plan(trained, rates, adapters, samples), progress);
            progress.close();
            print(stage, progress, output);
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

    private void print(TuningStage stage, TrainingProgress progress, PrintStream output) {
        if (options.json()) {
            output.println(
                    JsonNodeFactory.instance
                            .objectNode()
                            .put("checkpoint", stage.output().toString())
                            .put("run", stage.run().toString())
                            .put("steps", progress.lastStep())
                            .put("loss", progress.loss())
                            .put("badSamples", progress.bad()));
        } else {
            output.printf(
                    Locale.ROOT,
                    "%s: tuned, loss %.3f at the end; figures and curves in %s%n",
                    stage.output(),
                    progress.loss(),
                    stage.run());
        }
    }
}
