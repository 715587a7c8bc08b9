package io.sightmill.flink;

import io.sightmill.engine.ModelDescription;
import io.sightmill.engine.Prompt;
import io.sightmill.engine.SequenceResult;
import io.sightmill.engine.SequenceTimings;
import io.sightmill.engine.TokenDecoder;
import io.sightmill.engine.TokenLogProbabilities;
import io.sightmill.flink.RequestOutline.TaskOutline;
import io.sightmill.schema.Answer;
import io.sightmill.schema.Embedding;
import io.sightmill.schema.FinishReason;
import io.sightmill.schema.LikelyToken;
import io.sightmill.schema.Provenance;
import io.sightmill.schema.Timings;
import io.sightmill.schema.TokenLogProbability;
import io.sightmill.schema.Usage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The emit stage: what the engine gave, as records with everything needed to make it again. */
final class AnswerAssembly {

    /** The mean over an image's tokens after the projector. */
    private static final String EMBEDDING_SOURCE = "projector-mean";

    private final ModelDescription model;
    private final TokenTexts texts;

    /**
     * @param decoder turns the model's tokens into text
     */
    AnswerAssembly(ModelDescription model, TokenDecoder decoder) {
        this.model = model;
        this.texts = new TokenTexts(decoder);
    }

    /** The outcome of a task that ran. */
    TaskOutcome outcome(PreparedRecord record, SequenceResult result) {
        TaskOutline task = record.outline().task(result.request().task().taskId());
        if (result.finishReason() == io.sightmill.engine.FinishReason.LATE) {
            return TaskOutcome.of(answer(record, task, result, result.text(), Map.of()));
        }
        return switch (result.request().task().kind()) {
            case EMBED -> TaskOutcome.of(embeddings(record, task, result.vectors()));
            case SCORE -> TaskOutcome.of(scored(record, task, result));
            case GENERATE -> TaskOutcome.of(answer(record, task, result, result.text(), Map.of()));
        };
    }

    /** The outcome of a task whose deadline had passed before any work was done. */
    TaskOutcome late(PreparedRecord record, TaskOutline task) {
        return TaskOutcome.of(
                Answer.newBuilder()
                        .setRequestId(record.outline().requestId())
                        .setTaskId(task.taskId())
                        .setKind(task.kind())
                        .setText("")
                        .setFinishReason(FinishReason.LATE)
                        .setUsage(new Usage(0, 0, 0, 0))
                        .setTimings(new Timings(0.0, 0.0, 0.0, 0.0, 0.0))
                        .setProvenance(
                                new Provenance(
                                        model.name(), model.weightsSha256(), "", "", task.seed()))
                        .setAttributes(record.outline().attributes())
                        .build());
    }

    private Answer scored(PreparedRecord record, TaskOutline task, SequenceResult result) {
        double[] probabilities = result.labelProbabilities();
        Map<String, Double> scores = new LinkedHashMap<>();
        int best = 0;
        for (int label = 0; label < probabilities.length; label++) {
            scores.put(task.labels().get(label), probabilities[label]);
            best = probabilities[label] > probabilities[best] ? label : best;
        }
        return answer(record, task, result, task.labels().get(best), scores);
    }

    private Answer answer(
            PreparedRecord record,
            TaskOutline task,
            SequenceResult result,
            String text,
            Map<String, Double> scores) {
        Prompt prompt = result.request().task().prompt();
        return Answer.newBuilder()
                .setRequestId(record.outline().requestId())
                .setTaskId(task.taskId())
                .setKind(task.kind())
                .setText(text)
                .setLabelScores(scores)
                .setFinishReason(FinishReason.valueOf(result.finishReason().name()))
                .setUsage(
                        new Usage(
                                prompt.imageTokens(),
                                prompt.length(),
                                result.cachedTokens(),
                                result.tokenIds().length))
                .setTimings(timings(record.preprocess(), result.timings()))
                .setProvenance(
                        new Provenance(
                                model.name(),
                                model.weightsSha256(),
                                Digest.ofAll(record.imageSha256()),
                                Digest.ofTokens(prompt.tokenIds()),
                                task.seed()))
                .setAttributes(record.outline().attributes())
                .setTokenLogProbabilities(logProbabilities(result.logProbabilities()))
                .build();
    }

    private List<TokenLogProbability> logProbabilities(List<TokenLogProbabilities> answer) {
        int[] tokens = answer.stream().mapToInt(TokenLogProbabilities::tokenId).toArray();
        List<TokenLogProbability> logProbabilities = new ArrayList<>(tokens.length);
        for (int place = 0; place < tokens.length; place++) {
            logProbabilities.add(logProbability(answer.get(place), tokens, place));
        }
        return logProbabilities;
    }

    private TokenLogProbability logProbability(
            TokenLogProbabilities token, int[] tokens, int place) {
        List<LikelyToken> top = new ArrayList<>();
        for (int likely = 0; likely < token.topTokenIds().length; likely++) {
            int id = token.topTokenIds()[likely];
            double logProbability = token.topLogProbabilities()[likely];
            top.add(new LikelyToken(id, logProbability, texts.text(tokens, place, id)));
        }
        return new TokenLogProbability(
                token.tokenId(),
                token.logProbability(),
                top,
                texts.text(tokens, place, token.tokenId()));
    }

    private List<Embedding> embeddings(
            PreparedRecord record, TaskOutline task, List<float[]> vectors) {
        List<Embedding> embeddings = new ArrayList<>(vectors.size());
        for (int image = 0; image < vectors.size(); image++) {
            embeddings.add(
                    Embedding.newBuilder()
                            .setRequestId(record.outline().requestId())
                            .setTaskId(task.taskId())
                            .setImageSha256(record.imageSha256().get(image))
                            .setSource(EMBEDDING_SOURCE)
                            .setVector(boxed(vectors.get(image)))
                            .setModel(model.name())
                            .setWeightsSha256(model.weightsSha256())
                            .setAttributes(record.outline().attributes())
                            .build());
        }
        return embeddings;
    }

    private static List<Float> boxed(float[] vector) {
        List<Float> components = new ArrayList<>(vector.length);
        for (float component : vector) {
            components.add(component);
        }
        return components;
    }

    private static Timings timings(Duration preprocess, SequenceTimings engine) {
        return new Timings(
                millis(engine.queue()),
                millis(preprocess),
                millis(engine.encode()),
                millis(engine.prefill()),
                millis(engine.decode()));
    }

    private static double millis(Duration duration) {
        return duration.toNanos() / 1e6;
    }
}
