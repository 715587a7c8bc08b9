package io.sightmill.local.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sightmill.llava.CheckpointFamily;
import io.sightmill.llava.CheckpointGenerator;
import io.sightmill.llava.CheckpointLayout;
import io.sightmill.llava.CheckpointPlan;
import io.sightmill.llava.CheckpointShape;
import io.sightmill.llava.CheckpointShapes;
import io.sightmill.llava.TextFamily;
import io.sightmill.llava.WeightType;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes a checkpoint with random weights. */
@Command(
        name = "make-checkpoint",
        description = {
            "Writes a LLaVA checkpoint with random weights, of any family and size, to run and to",
            "measure with. Its words mean nothing. The same options give the same bytes."
        },
        mixinStandardHelpOptions = true)
public final class MakeCheckpointCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "DIR", description = "Where to; made if it is missing.")
    private Path directory;

    @Option(
            names = "--shape",
            required = true,
            description =
                    "Sizes, and family and language model if no option says otherwise:"
                            + " ${COMPLETION-CANDIDATES}.",
            completionCandidates = ShapeNames.class)
    private String shape;

    @Option(names = "--family", description = "v1, v1.5 or next.")
    private String family;

    @Option(names = "--text", description = "Language model: llama or mistral.")
    private String text;

    @Option(
            names = "--layout",
            description =
                    "hugging-face or authors; default hugging-face, authors for family v1, which"
                            + " has no other.")
    private String layout;

    @Option(
            names = "--dtype",
            description = "float32, float16 or bfloat16; default ${DEFAULT-VALUE}.",
            defaultValue = "float16")
    private String type;

    @Option(
            names = "--seed",
            description = "Of the random weights; default ${DEFAULT-VALUE}.",
            defaultValue = "" + CheckpointPlan.DEFAULT_SEED)
    private long seed;

    @Option(
            names = "--shard-bytes",
            paramLabel = "N",
            description = "Most bytes of a weight file; default ${DEFAULT-VALUE}.",
            defaultValue = "" + CheckpointPlan.DEFAULT_SHARD_BYTES)
    private long shardBytes;

    @Option(names = "--force", description = "Replaces the checkpoint that DIR holds.")
    private boolean force;

    @Option(names = "--json", description = "One JSON object instead of a sentence.")
    private boolean json;

    /** For the help text. */
    private static final class ShapeNames implements Iterable<String> {

        @Override
        public Iterator<String> iterator() {
            return CheckpointShapes.names().iterator();
        }
    }

    @Override
    public Integer call() {
        long begin = System.nanoTime();
        CheckpointPlan plan = plan();
        CheckpointGenerator generator = new CheckpointGenerator(plan);
        write(generator);
        Duration time = Duration.ofNanos(System.nanoTime() - begin);
        new PrintStream(System.out, true, StandardCharsets.UTF_8)
                .println(json ? asJson(plan, generator, time) : asLine(generator, time));
        return 0;
    }

    private CheckpointPlan plan() {
        try {
            CheckpointShape sizes = CheckpointShapes.named(shape);
            if (family != null) {
                sizes =
                        sizes.as(
                                one(
                                        "--family",
                                        CheckpointFamily.values(),
                                        family,
                                        CheckpointFamily::key));
            }
            if (text != null) {
                sizes = sizes.as(one("--text", TextFamily.values(), text, TextFamily::key));
            }
            CheckpointLayout chosen =
                    layout == null
                            ? CheckpointPlan.defaultLayout(sizes.family())
                            : one(
                                    "--layout",
                                    CheckpointLayout.values(),
                                    layout,
                                    CheckpointLayout::key);
            WeightType format = one("--dtype", WeightType.values(), type, WeightType::key);
            return new CheckpointPlan(sizes, chosen, format, seed, shardBytes);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private static <T> T one(String option, T[] values, String word, Function<T, String> key) {
        List<String> keys = Arrays.stream(values).map(key).toList();
        int index = keys.indexOf(word);
        if (index < 0) {
            throw new IllegalArgumentException(
                    "%s is '%s' and must be one of %s"
                            .formatted(option, word, String.join(", ", keys)));
        }
        return values[index];
    }

    private void write(CheckpointGenerator generator) {
        try (Interruption interruption = Interruption.listen();
                MakeCheckpointProgress progress =
                        new MakeCheckpointProgress(generator.weightBytes(), System.err)) {
            generator.write(
                    directory,
                    force,
                    bytes -> {
                        progress.written(bytes);
                        if (interruption.isRequested()) {
                            throw new CommandFailedException(
                                    "interrupted: nothing is left in " + directory);
                        }
                    });
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        } catch (UncheckedIOException e) {
            throw new CommandFailedException(e.getMessage(), e);
        }
    }

    private String asLine(CheckpointGenerator generator, Duration time) {
        double seconds = time.toMillis() / 1e3;
        return String.format(
                Locale.ROOT,
                "%s: %,d parameters, %.1f MB of weights in %d file(s), %.1f s, %.0f MB/s",
                directory,
                generator.parameters(),
                generator.weightBytes() / 1e6,
                generator.weightFiles().size(),
                seconds,
                generator.weightBytes() / 1e6 / seconds);
    }

    private ObjectNode asJson(CheckpointPlan plan, CheckpointGenerator generator, Duration time) {
        ObjectNode line = JsonNodeFactory.instance.objectNode();
        line.put("directory", directory.toString()).put("shape", shape);
        line.put("family", plan.shape().family().key());
        line.put("text", plan.shape().text().family().key());
        line.put("layout", plan.layout().key()).put("dtype", plan.type().key());
        line.put("seed", plan.seed()).put("parameters", generator.parameters());
        line.put("weightBytes", generator.weightBytes());
        generator.weightFiles().forEach(line.putArray("weightFiles")::add);
        return line.put("milliseconds", time.toMillis());
    }
}
