package io.sightmill.local.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.sightmill.tuning.DataFileException;
import io.sightmill.tuning.scenes.ContactSheet;
import io.sightmill.tuning.scenes.SceneBenchmark;
import io.sightmill.tuning.scenes.SceneDescription;
import io.sightmill.tuning.scenes.SceneOptions;
import io.sightmill.tuning.scenes.ScenePainter;
import io.sightmill.tuning.scenes.SceneWriter;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import javax.imageio.ImageIO;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Draws scenes to train with. */
@Command(
        name = "scenes",
        description = {
            "Draws scenes whose content is known: images, captions with boxes for a teacher, and",
            "symbols. The same seed gives the same scenes on every machine. Goes on where an",
            "interrupted run stopped. None of them is ever part of an evaluation."
        },
        mixinStandardHelpOptions = true)
public final class TuneScenesCommand implements Callable<Integer> {

    private static final int MEASURED_SCENES = 20_000;

    @Spec private CommandSpec spec;

    @Parameters(
            paramLabel = "DIR",
            arity = "0..1",
            description = "Where to; made if it is missing. Needed with --count.")
    private Path directory;

    @Option(names = "--count", paramLabel = "N", description = "How many scenes there shall be.")
    private Long count;

    @Option(
            names = "--seed",
            paramLabel = "S",
            description = "Of the scenes; default ${DEFAULT-VALUE}.",
            defaultValue = "1")
    private long seed;

    @Option(
            names = "--size",
            paramLabel = "PIXELS",
            description = "Side of an image; default ${DEFAULT-VALUE}.",
            defaultValue = "64")
    private int size;

    @Option(
            names = "--min-shapes",
            description = "Fewest shapes of a scene; default ${DEFAULT-VALUE}.",
            defaultValue = "1")
    private int minShapes;

    @Option(
            names = "--max-shapes",
            description =
                    "Most shapes of a scene, at most "
                            + SceneOptions.MOST_SHAPES
                            + "; default ${DEFAULT-VALUE}.",
            defaultValue = "" + SceneOptions.MOST_SHAPES)
    private int maxShapes;

    @Option(
            names = "--text-share",
            description = "Share of scenes with a digit or a word; default ${DEFAULT-VALUE}.",
            defaultValue = "0.4")
    private double textShare;

    @Option(
            names = "--overlap-share",
            description =
                    "Share of scenes whose shapes may cover each other; default ${DEFAULT-VALUE}.",
            defaultValue = "0.3")
    private double overlapShare;

    @Option(
            names = "--texture-share",
            description =
                    "Share of broad shapes that are striped or dotted; default ${DEFAULT-VALUE}.",
            defaultValue = "0.4")
    private double textureShare;

    @Option(
            names = "--contact-sheet",
            paramLabel = "FILE",
            description = "Also draws the first scenes with their captions on one PNG.")
    private Path contactSheet;

    @Option(
            names = "--sheet-scenes",
            paramLabel = "N",
            description = "How many scenes a contact sheet has; default ${DEFAULT-VALUE}.",
            defaultValue = "24")
    private int sheetScenes;

    @Option(
            names = "--benchmark",
            description = "Measures how many scenes a second one thread draws; writes none.")
    private boolean benchmark;

    @Option(names = "--json", description = "One JSON object instead of a sentence.")
    private boolean json;

    @Override
    public Integer call() {
        PrintStream output = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        SceneDescription description = description();
        if (benchmark) {
            print(SceneBenchmark.run(size, MEASURED_SCENES, description.options()), output);
            return 0;
        }
        if (contactSheet != null) {
            writeSheet(description, output);
        }
        if (count != null) {
            write(description, output);
        }
        return 0;
    }

    private SceneDescription description() {
        require(
                benchmark || count != null || contactSheet != null,
                "say how many scenes with --count, or name a --contact-sheet");
        require(count == null || directory != null, "say where to put the scenes");
        require(count == null || count >= 1, "--count is " + count + " and must be at least 1");
        require(
                sheetScenes >= 1 && sheetScenes <= 600,
                "--sheet-scenes is " + sheetScenes + " and must be from 1 to 600");
        require(
                contactSheet == null || BenchChart.canBeAt(contactSheet),
                "--contact-sheet is "
                        + contactSheet
                        + ", which is no file in a directory there is");
        try {
            new ScenePainter(size);
            return new SceneDescription(
                    seed,
                    size,
                    new SceneOptions(minShapes, maxShapes, textShare, overlapShare, textureShare));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private void require(boolean holds, String problem) {
        if (!holds) {
            throw new ParameterException(spec.commandLine(), problem);
        }
    }

    private void writeSheet(SceneDescription description, PrintStream output) {
        try {
            ImageIO.write(ContactSheet.of(description, sheetScenes), "png", contactSheet.toFile());
        } catch (IOException e) {
            throw new CommandFailedException("cannot write " + contactSheet + ": " + e, e);
        }
        if (!json) {
            output.println(contactSheet + ": " + sheetScenes + " scenes");
        }
    }

    private void write(SceneDescription description, PrintStream output) {
        long began = System.nanoTime();
        long[] first = {-1};
        long done;
        try (Interruption interruption = Interruption.listen();
                TuneProgress progress = new TuneProgress("scenes", " scenes", count, System.err)) {
            done =
                    new SceneWriter(directory, description)
                            .write(
                                    count,
                                    there -> {
                                        first[0] = first[0] < 0 ? there : first[0];
                                        progress.reached(there);
                                        return !interruption.isRequested();
                                    });
        } catch (DataFileException e) {
            throw new CommandFailedException(e.getMessage(), e);
        }
        Duration time = Duration.ofNanos(System.nanoTime() - began);
        print(done, done - first[0], time, output);
        if (done < count) {
            throw new CommandFailedException(
                    "interrupted with %,d of %,d scenes; the same command goes on"
                            .formatted(done, count));
        }
    }

    private void print(long done, long drawn, Duration time, PrintStream output) {
        double perSecond = drawn / Math.max(1e-3, time.toMillis() / 1e3);
        output.println(
                json
                        ? JsonNodeFactory.instance
                                .objectNode()
                                .put("directory", directory.toString())
                                .put("scenes", done)
                                .put("drawn", drawn)
                                .put("milliseconds", time.toMillis())
                                .toString()
                        : String.format(
                                Locale.ROOT,
                                "%s: %,d scenes, %,d of them new, %.1f s, %.0f scenes/s",
                                directory,
                                done,
                                drawn,
                                time.toMillis() / 1e3,
                                perSecond));
    }

    private void print(SceneBenchmark figure, PrintStream output) {
        output.println(
                json
                        ? JsonNodeFactory.instance
                                .objectNode()
                                .put("size", figure.size())
                                .put("scenesPerSecond", figure.scenesPerSecond())
                                .toString()
                        : String.format(
                                Locale.ROOT,
                                "%d px: %,.0f scenes/s on one thread",
                                figure.size(),
                                figure.scenesPerSecond()));
    }
}
