package io.sightmill.local.command;

import io.sightmill.engine.GenerationOptions;
import io.sightmill.schema.Generation;
import io.sightmill.schema.TokenBias;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of every command that has something generated: how, from which labels, by when. */
final class GenerationMixin {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = {"--max-tokens", "--max-new-tokens"},
            paramLabel = "N",
            description = "Longest answer in tokens; default 64, for ask 256.")
    private Integer maxTokens;

    @Option(
            names = {"--min-tokens", "--min-new-tokens"},
            paramLabel = "N",
            description = "The model does not end its answer before it has this many tokens.")
    private int minTokens;

    @Option(
            names = "--temperature",
            paramLabel = "T",
            description = "Divides the logits before sampling; default 0, always the likeliest.",
            defaultValue = "0")
    private double temperature;

    @Option(
            names = "--top-p",
            paramLabel = "P",
            description = "Sample from the likeliest tokens that have this probability together.",
            defaultValue = "1")
    private double topP;

    @Option(
            names = "--top-k",
            paramLabel = "K",
            description = "Sample from this many of the likeliest tokens; default 0, all.")
    private int topK;

    @Option(
            names = "--seed",
            paramLabel = "SEED",
            description = "Seed of the sampling; default ${DEFAULT-VALUE}.",
            defaultValue = "0")
    private long seed;

    @Option(
            names = "--repetition-penalty",
            paramLabel = "FACTOR",
            description = "Above 1 makes tokens that have occurred less likely; default 1, off.",
            defaultValue = "1")
    private double repetitionPenalty;

    @Option(
            names = "--logit-bias",
            paramLabel = "ID=BIAS",
            description = "Adds to the logit of a token by its id; may be repeated.")
    private Map<Integer, Double> logitBias = new TreeMap<>();

    @Option(
            names = "--log-probabilities",
            paramLabel = "N",
            description =
                    "Tell with each token how likely it was, and the N likeliest; in the JSON.",
            defaultValue = "-1")
    private int logProbabilities;

    @Option(
            names = "--label",
            paramLabel = "LABEL",
            description =
                    "Choose one of these instead of writing, and tell how likely each is; give two"
                            + " or more.")
    private List<String> labels = List.of();

    @Option(
            names = "--deadline",
            paramLabel = "ISO-8601",
            description =
                    "Time an answer may take from its request on, for example PT5S; what there is"
                            + " by then comes as LATE. Default none.")
    private Duration deadline;

    /**
     * Refuses what the engine would refuse, before anything is started.
     *
     * @param instructed whether there is an instruction for labels to answer
     * @throws ParameterException naming what is wrong
     */
    void requireSane(boolean instructed) {
        require(labels.isEmpty() || instructed, "--label needs --instruction");
        require(labels.size() != 1, "--label needs two or more of them");
        require(labels.stream().noneMatch(String::isBlank), "--label is blank");
        require(new HashSet<>(labels).size() == labels.size(), "--label has one of them twice");
        require(
                deadline == null || deadline.compareTo(Duration.ofMillis(1)) >= 0,
                "--deadline is " + deadline + " and must be at least a millisecond");
        require(
                logitBias.keySet().stream().allMatch(id -> id >= 0),
                "--logit-bias is " + logitBias + " and must name token ids of 0 or more");
        try {
            asEngineOptions();
        } catch (IllegalArgumentException exception) {
            throw new ParameterException(spec.commandLine(), exception.getMessage(), exception);
        }
    }

    /** The engine knows the bounds; it is asked for nothing but its complaint. */
    private GenerationOptions asEngineOptions() {
        return new GenerationOptions(
                maxTokens == null ? Integer.MAX_VALUE : maxTokens,
                minTokens,
                temperature,
                topP,
                topK,
                seed,
                List.of(),
                logitBias,
                repetitionPenalty,
                logProbabilities);
    }

    /**
     * @param defaultMaxTokens the command's own
     */
    Generation generation(int defaultMaxTokens) {
        return Generation.newBuilder()
                .setMaxNewTokens(
                        maxTokens == null ? Math.max(defaultMaxTokens, minTokens) : maxTokens)
                .setMinNewTokens(minTokens)
                .setTemperature(temperature)
                .setTopP(topP)
                .setTopK(topK)
                .setSeed(seed)
                .setRepetitionPenalty(repetitionPenalty)
                .setLogitBias(
                        logitBias.entrySet().stream()
                                .map(entry -> new TokenBias(entry.getKey(), entry.getValue()))
                                .toList())
                .setLogProbabilities(logProbabilities)
                .build();
    }

    List<String> labels() {
        return labels;
    }

    /** How long after a request was made its answer is of use; null for ever. */
    Duration deadline() {
        return deadline;
    }

    private void require(boolean holds, String problem) {
        if (!holds) {
            throw new ParameterException(spec.commandLine(), problem);
        }
    }
}
