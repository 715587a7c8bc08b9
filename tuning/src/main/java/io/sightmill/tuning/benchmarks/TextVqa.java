package io.sightmill.tuning.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import io.sightmill.tuning.DataFileException;
import io.sightmill.tuning.JsonLines;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * TextVQA (arXiv 1904.08920): questions that have to be read off the picture, ten people's answers
 * to each. A question is known by its picture and its words.
 */
public final class TextVqa implements Benchmark {

    private static final String SHORT = "\nAnswer the question using a single word or phrase.";
    private static final String OCR_HINT = "Reference OCR token:";
    private static final Pattern OCR_PROMPT =
            Pattern.compile("Question: (.*?) Short answer:", Pattern.DOTALL);

    private final Map<Key, Annotation> annotations = new LinkedHashMap<>();
    private final Map<Key, Integer> occurrences = new HashMap<>();
    private final List<BenchmarkQuestion> questions;

    /** What names a question. */
    private record Key(String image, String question) {}

    private record Annotation(String image, String question, VotedAnswers answers, String place) {}

    /**
     * Reads the files.
     *
     * @param annotationFile {@code TextVQA_0.5.1_val.json}
     * @param questionFile what to ask, one {@code {"question_id", "image", "text"}} a line, the
     *     picture's id as id; empty to ask the annotations' questions without hints
     * @throws DataFileException if a file is missing, no JSON or something else
     */
    public TextVqa(Path annotationFile, Optional<Path> questionFile, BadEntries bad) {
        JsonNode data =
                JsonDocument.member(
                        JsonDocument.read(annotationFile), "data", true, annotationFile);
        List<Annotation> read = new ArrayList<>();
        for (int index = 0; index < data.size(); index++) {
            String place = annotationFile + ": data " + index;
            bad.accept(place, data.get(index), each -> annotation(each, place), read);
        }
        for (Annotation each : read) {
            annotations.put(key(each.image(), each.question()), each);
            occurrences.merge(key(each.image(), each.question()), 1, Integer::sum);
        }
        questions =
                questionFile.isPresent()
                        ? BenchmarkQuestion.read(questionFile.get(), bad)
                        : read.stream().map(TextVqa::question).toList();
        if (questions.isEmpty()) {
            bad.settle();
            throw new DataFileException(questionFile.orElse(annotationFile), "has no question");
        }
    }

    private static Annotation annotation(JsonNode entry, String place) {
        List<String> answers = new ArrayList<>();
        for (JsonNode answer : JsonLines.array(entry, "answers")) {
            answers.add(answer.asText());
        }
        return new Annotation(
                JsonLines.text(entry, "image_id"),
                JsonLines.text(entry, "question"),
                new VotedAnswers(answers),
                place);
    }

    private static BenchmarkQuestion question(Annotation annotation) {
        return new BenchmarkQuestion(
                BenchmarkQuestion.idOf(annotation.image()),
                Optional.of(annotation.image() + ".jpg"),
                annotation.question() + SHORT,
                "",
                annotation.place());
    }

    private static Key key(String image, String question) {
        return new Key(image, question.strip().toLowerCase(Locale.ROOT));
    }

    /** The question in a prompt of one of the forms that LLaVA's authors use. */
    static String questionIn(String prompt) {
        if (prompt.startsWith("OCR tokens: ")) {
            Matcher matcher = OCR_PROMPT.matcher(prompt);
            if (matcher.find()) {
                return matcher.group(1);
            }
        }
        String[] lines = prompt.split("\n", -1);
        boolean hasHint = lines.length == 3 && prompt.contains(OCR_HINT + " ");
        if (hasHint) {
            return prompt.startsWith(OCR_HINT) ? lines[1] : lines[0];
        }
        if (lines.length == 2) {
            return lines[0];
        }
        throw new IllegalArgumentException(
                "'prompt' is '%s', which has none of the forms that TextVQA is asked in"
                        .formatted(prompt));
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
        Map<Key, Integer> left = new HashMap<>(occurrences);
        double sum = 0;
        long marked = 0;
        for (GivenAnswer answer : answers) {
            Optional<Key> key = keyOf(answer, bad);
            if (key.isPresent() && left.merge(key.get(), -1, Integer::sum) >= 0) {
                sum += annotations.get(key.get()).answers().worth(answer.text());
                marked++;
            } else if (key.isPresent()) {
                bad.add(
                        "%s: answers '%s' about %s once more than it is asked"
                                .formatted(
                                        answer.place(), key.get().question(), key.get().image()));
            }
        }
        MatchedAnswers.requireAll(unanswered(left), bad);
        Map<String, Figure> figures = new LinkedHashMap<>();
        figures.put("questions", Figure.count("questions", marked));
        figures.put("accuracy", Figure.percent("accuracy", sum, marked));
        return new BenchmarkReport("textvqa", figures);
    }

    private Optional<Key> keyOf(GivenAnswer answer, BadEntries bad) {
        try {
            Key key = key(answer.questionId(), questionIn(answer.prompt()));
            if (annotations.containsKey(key)) {
                return Optional.of(key);
            }
            bad.add(
                    "%s: answers '%s' about %s, which is not asked"
                            .formatted(answer.place(), key.question(), key.image()));
        } catch (IllegalArgumentException e) {
            bad.add(answer.place() + ": " + e.getMessage());
        }
        return Optional.empty();
    }

    private List<BenchmarkQuestion> unanswered(Map<Key, Integer> left) {
        return annotations.entrySet().stream()
                .filter(each -> left.get(each.getKey()) > 0)
                .map(each -> question(each.getValue()))
                .toList();
    }
}
