package io.sightmill.tuning.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sightmill.tuning.DataFileException;
import io.sightmill.tuning.JsonLines;
import io.sightmill.tuning.LineFile;
import io.sightmill.tuning.RunDescription;
import io.sightmill.tuning.evaluate.EvaluationFailedException;
import io.sightmill.tuning.evaluate.Inquiry;
import io.sightmill.tuning.evaluate.Respondent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongPredicate;

/**
 * Asks a model a benchmark's questions and writes the answers file of LLaVA's authors, in the order
 * of the questions. Killed at any moment, the next run of the same description asks the rest. Used
 * by one thread.
 */
public final class AnsweringRun implements AutoCloseable {

    private final String modelName;
    private final LineFile lines;

    /** How often a question, by id and words, has its answer in the file. */
    private final Map<List<String>, Integer> answered = new HashMap<>();

    /** Lines that wait for an earlier question's; empty for a question without any. */
    private final Map<Long, Optional<ObjectNode>> waiting = new HashMap<>();

    private long written;

    /**
     * Opens the file, or makes it.
     *
     * @param description what the answers depend on; kept beside the file
     * @throws DataFileException if the file has answers of another description, or of none
     */
    public AnsweringRun(Path answers, String modelName, ObjectNode description) {
        this.modelName = modelName;
        Path beside = answers.resolveSibling(answers.getFileName() + ".run.json");
        if (Files.exists(answers) && !Files.exists(beside)) {
            throw new DataFileException(
                    answers,
                    "is there, and no run wrote it that could go on: name another file, or leave --model out to score it");
        }
        RunDescription.claim(beside, description, "answers");
        this.lines = new LineFile(answers);
        try (JsonLines<JsonNode> given = new JsonLines<>(answers, object -> object)) {
            for (JsonNode line = given.next(); line != null; line = given.next()) {
                answered.merge(
                        List.of(line.path("question_id").asText(), line.path("prompt").asText()),
                        1,
                        Integer::sum);
            }
        }
    }

    /**
     * Asks what has no answer yet.
     *
     * @param images folder that file names are relative to
     * @param bad hears of questions whose picture is missing or broken, or that the model cannot be
     *     asked; they get no answer
     * @param goesOn is told how many questions were asked or passed over, and asked whether to go
     *     on
     * @return whether all questions were
     */
    public boolean run(
            Respondent respondent,
            List<BenchmarkQuestion> questions,
            Path images,
            int maxNewTokens,
            BadEntries bad,
            LongPredicate goesOn) {
        long number = 0;
        long passed = 0;
        for (BenchmarkQuestion question : questions) {
            if (!goesOn.test(passed)) {
                return false;
            }
            if (!isAnswered(question)) {
                ask(respondent, question, number++, images, maxNewTokens, bad);
            }
            passed++;
        }
        respondent.finish();
        return goesOn.test(passed);
    }

    private boolean isAnswered(BenchmarkQuestion question) {
        List<String> key = List.of(question.key(), question.text());
        return answered.merge(key, -1, Integer::sum) >= 0;
    }

    private void ask(
            Respondent respondent,
            BenchmarkQuestion question,
            long number,
            Path images,
            int maxNewTokens,
            BadEntries bad) {
        Optional<byte[]> image;
        try {
            image = image(question, images);
        } catch (IOException e) {
            settle(number, Optional.empty());
            bad.add("%s: the image cannot be read: %s".formatted(question.place(), e));
            return;
        }
        respondent.ask(
                new Inquiry(
                        number + " (" + question.place() + ")",
                        image,
                        List.of(new Inquiry.Asked(question.text(), maxNewTokens))),
                new Respondent.Replies() {
                    @Override
                    public void answered(List<String> texts) {
                        settle(number, Optional.of(line(question, texts.get(0).strip())));
                    }

                    @Override
                    public void failed(EvaluationFailedException problem) {
                        settle(number, Optional.empty());
                        bad.add(question.place() + ": " + problem.getMessage());
                    }
                });
    }

    private static Optional<byte[]> image(BenchmarkQuestion question, Path images)
            throws IOException {
        return question.image().isEmpty()
                ? Optional.empty()
                : Optional.of(Files.readAllBytes(images.resolve(question.image().get())));
    }

    /**
     * The questions whose pictures are there.
     *
     * @param bad hears of the others; a name that leads out of the folder is a missing picture
     */
    public static List<BenchmarkQuestion> withImages(
            List<BenchmarkQuestion> questions, Path images, BadEntries bad) {
        return questions.stream().filter(each -> hasImage(each, images, bad)).toList();
    }

    private static boolean hasImage(BenchmarkQuestion question, Path images, BadEntries bad) {
        if (question.image().isEmpty()) {
            return true;
        }
        Path folder = images.toAbsolutePath().normalize();
        try {
            Path file = folder.resolve(question.image().get()).normalize();
            if (file.startsWith(folder) && Files.isRegularFile(file)) {
                return true;
            }
            bad.add("%s: the image %s is missing".formatted(question.place(), file));
        } catch (InvalidPathException e) {
            bad.add("%s: '%s' is no file name".formatted(question.place(), question.image().get()));
        }
        return false;
    }

    private ObjectNode line(BenchmarkQuestion question, String text) {
        ObjectNode line = JsonNodeFactory.instance.objectNode();
        line.set("question_id", question.id());
        line.put("prompt", question.text()).put("text", text);
        String name = modelName + '\n' + question.key() + '\n' + question.text();
        line.put(
                "answer_id",
                UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString());
        line.put("model_id", modelName).putObject("metadata");
        return line;
    }

    /** Replies come in any order; lines do not. */
    private void settle(long number, Optional<ObjectNode> line) {
        waiting.put(number, line);
        for (Optional<ObjectNode> next = waiting.remove(written);
                next != null;
                next = waiting.remove(written)) {
            next.ifPresent(each -> lines.append(each.toString()));
            lines.flush();
            written++;
        }
    }

    @Override
    public void close() {
        lines.close();
    }
}
