package io.sightmill.tuning.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import io.sightmill.tuning.DataFileException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * ScienceQA: questions with lettered choices, some about a picture. A question without an answer is
 * wrong, and so is a letter beyond the choices.
 */
public final class ScienceQa implements Benchmark {

    private static final String LETTER_ONLY =
            "\nAnswer with the option's letter from the given choices directly.";

    private final String split;
    private final Map<String, ScienceProblem> problems = new LinkedHashMap<>();
    private final Map<String, String> places = new HashMap<>();

    /**
     * Reads the files as they are published.
     *
     * @param problemsFile {@code problems.json}
     * @param splitsFile {@code pid_splits.json}
     * @param split which of its lists
     * @throws DataFileException if a file is missing, no JSON or something else
     */
    public ScienceQa(Path problemsFile, Path splitsFile, String split, BadEntries bad) {
        this.split = split;
        JsonNode all = JsonDocument.read(problemsFile);
        JsonNode ids = JsonDocument.member(JsonDocument.read(splitsFile), split, true, splitsFile);
        for (JsonNode id : ids) {
            String place = problemsFile + ": problem " + id.asText();
            List<ScienceProblem> read = new ArrayList<>();
            bad.accept(place, all.path(id.asText()), each -> problem(id.asText(), each), read);
            read.forEach(each -> problems.put(each.id(), each));
            places.put(id.asText(), place);
        }
        if (problems.isEmpty()) {
            bad.settle();
            throw new DataFileException(splitsFile, "'%s' names no problem".formatted(split));
        }
    }

    private static ScienceProblem problem(String id, JsonNode entry) {
        if (!entry.isObject()) {
            throw new IllegalArgumentException("is missing or no JSON object");
        }
        return ScienceProblem.parse(id, entry);
    }

    @Override
    public List<BenchmarkQuestion> questions() {
        return problems.values().stream().map(this::question).toList();
    }

    private BenchmarkQuestion question(ScienceProblem problem) {
        return new BenchmarkQuestion(
                BenchmarkQuestion.idOf(problem.id()),
                problem.hasImage() ? Optional.of(problem.id() + "/image.png") : Optional.empty(),
                problem.prompt() + LETTER_ONLY,
                "",
                places.get(problem.id()));
    }

    /**
     * The folder that holds a problem's picture: the one given, or the split's inside it, as the
     * data set is unpacked.
     */
    public Path imageFolder(Path images) {
        Path inside = images.resolve(split);
        return Files.isDirectory(inside) ? inside : images;
    }

    @Override
    public int maxNewTokens() {
        return 1024;
    }

    @Override
    public BenchmarkReport score(List<GivenAnswer> answers, BadEntries bad) {
        Map<String, GivenAnswer> given = new HashMap<>();
        long elsewhere = 0;
        for (GivenAnswer answer : answers) {
            if (!problems.containsKey(answer.questionId())) {
                elsewhere++;
            } else if (given.putIfAbsent(answer.questionId(), answer) != null) {
                bad.add(
                        "%s: question %s is answered a second time"
                                .formatted(answer.place(), answer.questionId()));
            }
        }
        ScienceMarks marks = new ScienceMarks();
        for (ScienceProblem problem : problems.values()) {
            marks.mark(problem, Optional.ofNullable(given.get(problem.id())));
        }
        return marks.report(elsewhere);
    }
}
