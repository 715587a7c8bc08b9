package io.sightmill.tuning.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import io.sightmill.tuning.DataFileException;
import io.sightmill.tuning.JsonLines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * POPE (arXiv 2305.10355): is there such a thing in the picture, yes or no. A file of questions
 * with their categories, and a file of labels a category whose lines stand in the order of its
 * questions.
 */
public final class Pope implements Benchmark {

    private static final Pattern LABELS = Pattern.compile("coco_pope_(\\w+)\\.json");

    private final List<BenchmarkQuestion> questions;
    private final Map<String, Boolean> labels = new HashMap<>();
    private final Path questionFile;

    /** A line of a file of labels. */
    private record Label(String image, String text, boolean isYes, String place) {}

    /**
     * Reads the files.
     *
     * @param questionFile {@code {"question_id", "image", "text", "category"}} a line
     * @param labelFolder with a file {@code coco_pope_CATEGORY.json} a category
     * @throws DataFileException if a file is missing, or the labels are not those of the questions
     */
    public Pope(Path questionFile, Path labelFolder, BadEntries bad) {
        this.questionFile = questionFile;
        this.questions = BenchmarkQuestion.read(questionFile, bad);
        Map<String, Path> files = labelFiles(labelFolder);
        Map<String, List<BenchmarkQuestion>> categories = new LinkedHashMap<>();
        for (BenchmarkQuestion question : questions) {
            categories
                    .computeIfAbsent(question.category(), category -> new ArrayList<>())
                    .add(question);
        }
        categories.forEach(
                (category, asked) -> {
                    if (!files.containsKey(category)) {
                        throw new DataFileException(
                                labelFolder,
                                "has no coco_pope_%s.json, which %s asks for"
                                        .formatted(category, asked.get(0).place()));
                    }
                    label(asked, bad.readLines(files.get(category), Pope::label));
                });
    }

    private static Map<String, Path> labelFiles(Path folder) {
        Map<String, Path> files = new TreeMap<>();
        try (Stream<Path> all = Files.list(folder)) {
            for (Path file : all.sorted().toList()) {
                Matcher name = LABELS.matcher(file.getFileName().toString());
                if (name.matches()) {
                    files.put(name.group(1), file);
                }
            }
        } catch (IOException e) {
            throw new DataFileException(folder, "cannot be read: " + e, e);
        }
        return files;
    }

    private static Label label(JsonNode object, String place) {
        String label = JsonLines.text(object, "label");
        if (!label.equals("yes") && !label.equals("no")) {
            throw new IllegalArgumentException(
                    "'label' is '%s' and must be yes or no".formatted(label));
        }
        return new Label(
                JsonLines.text(object, "image"),
                JsonLines.text(object, "text"),
                label.equals("yes"),
                place);
    }

    /** Line by line; nothing else says which label is which question's. */
    private void label(List<BenchmarkQuestion> asked, List<Label> given) {
        for (int index = 0; index < asked.size(); index++) {
            BenchmarkQuestion question = asked.get(index);
            boolean fits =
                    index < given.size()
                            && question.image().orElse("").equals(given.get(index).image())
                            && question.text().startsWith(given.get(index).text().strip());
            if (!fits) {
                throw new DataFileException(
                        questionFile,
                        "%s asks '%s' about %s, but %s"
                                .formatted(
                                        question.place(),
                                        question.text().lines().findFirst().orElse(""),
                                        question.image().orElse("no image"),
                                        index < given.size()
                                                ? given.get(index).place() + " is of another"
                                                : "there are only %d labels of %s"
                                                        .formatted(
                                                                given.size(),
                                                                question.category())));
            }
            if (labels.put(question.key(), given.get(index).isYes()) != null) {
                throw new DataFileException(
                        questionFile,
                        "%s has question_id %s, which an earlier line has"
                                .formatted(question.place(), question.key()));
            }
        }
    }

    @Override
    public List<BenchmarkQuestion> questions() {
        return questions;
    }

    @Override
    public int maxNewTokens() {
        return 128;
    }

    @Override
    public BenchmarkReport score(List<GivenAnswer> answers, BadEntries bad) {
        Map<String, GivenAnswer> given = MatchedAnswers.byId(questions, answers, bad);
        Map<String, PopeCounts> counts = new TreeMap<>();
        for (BenchmarkQuestion question : questions) {
            GivenAnswer answer = given.get(question.key());
            if (answer != null) {
                counts.merge(
                        question.category(),
                        PopeCounts.of(labels.get(question.key()), YesOrNo.saysYes(answer.text())),
                        PopeCounts::plus);
            }
        }
        Map<String, Figure> figures = new LinkedHashMap<>();
        counts.forEach((category, each) -> each.into(figures, category));
        // What LLaVA's papers give as POPE is this mean.
        figures.put(
                "f1",
                Figure.percent(
                        "F1, mean of categories",
                        counts.values().stream().mapToDouble(PopeCounts::f1).sum(),
                        counts.size()));
        return new BenchmarkReport("pope", figures);
    }
}
