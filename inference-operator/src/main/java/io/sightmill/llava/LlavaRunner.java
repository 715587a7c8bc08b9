package io.sightmill.llava;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import io.sightmill.engine.BatchPlan;
import io.sightmill.engine.EngineOptions;
import io.sightmill.engine.GenerationOptions;
import io.sightmill.engine.ImageCounters;
import io.sightmill.engine.ImageSpan;
import io.sightmill.engine.ModelRunner;
import io.sightmill.engine.PrefillChunk;
import io.sightmill.engine.PreparedTask;
import io.sightmill.engine.Sequence;
import io.sightmill.engine.SequenceId;
import io.sightmill.engine.SequenceOutput;
import io.sightmill.engine.Stage;
import io.sightmill.engine.StepResult;
import io.sightmill.engine.TaskKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Runs the engine's plans on the network: the only bridge between the two. Owned by the engine's
 * thread.
 *
 * <p>A sequence whose numbers are no numbers, or that the model cannot take, fails by itself; a
 * fault of the decode step fails the step, after which it can be run again: every write to a cache
 * goes to the position that the plan names.
 */
final class LlavaRunner implements ModelRunner {

    private final LlavaNetwork network;
    private final LanguageModel language;
    private final ImageFeatures features;
    private final PromptEmbedder embedder;
    private final LabelScorer scorer;
    private final LogitAdjustment adjustment;
    private final KvPool pool;
    private final Map<SequenceId, KvCache> caches = new HashMap<>();

    /**
     * @param network stays the caller's
     */
    LlavaRunner(LlavaNetwork network) {
        this.network = network;
        this.language = network.language();
        this.pool = language.newPool();
        this.features = new ImageFeatures(network);
        this.embedder =
                new PromptEmbedder(language, features, network.config().text().vocabularySize());
        this.scorer = new LabelScorer(language);
        this.adjustment = new LogitAdjustment(network.config().eosTokenIds());
    }

    @Override
    public void begin(EngineOptions options) {
        features.keepUnused(options.imageCacheBytes());
        pool.limit(options.kvTokens() / KvPool.PAGE);
    }

    @Override
    public ImageCounters images() {
        return features.counters();
    }

    @Override
    public int heldKvTokens(PreparedTask task) {
        return KvPool.wholePages(task.mostKvTokens());
    }

    @Override
    public void admit(Sequence sequence) {
        int capacity = sequence.task().mostKvTokens();
        if (caches.containsKey(sequence.id())) {
            throw new IllegalStateException("sequence " + sequence.id() + " is admitted already");
        }
        features.retain(sequence.request().tenant(), sequence.prompt());
        try {
            if (capacity > 0) {
                caches.put(sequence.id(), pool.newCache(capacity));
            }
        } catch (RuntimeException | Error refused) {
            // The engine releases only what was admitted.
            features.release(sequence.request().tenant(), sequence.prompt());
            throw refused;
        }
    }

    @Override
    public void release(Sequence sequence) {
        KvCache cache = caches.remove(sequence.id());
        if (cache != null) {
            cache.close();
        }
        features.release(sequence.request().tenant(), sequence.prompt());
    }

    @Override
    public StepResult run(BatchPlan plan) {
        Map<SequenceId, SequenceOutput> outputs = new LinkedHashMap<>();
        try (NDManager step = network.newScope()) {
            long began = System.nanoTime();
            encode(plan, outputs);
            long encoded = System.nanoTime();
            for (PrefillChunk chunk : plan.prefills()) {
                if (!outputs.containsKey(chunk.sequence().id())) {
                    prefill(chunk, step, outputs);
                }
            }
            long prefilled = System.nanoTime();
            decode(plan.decodes(), step, outputs);
            long decoded = System.nanoTime();
            return new StepResult(
                    new ArrayList<>(outputs.values()),
                    Duration.ofNanos(encoded - began),
                    Duration.ofNanos(prefilled - encoded),
                    Duration.ofNanos(decoded - prefilled));
        }
    }

    /** Runs one token through the language model. */
    @Override
    public void probe() {
        try (NDManager step = network.newScope();
                KvCache cache = pool.newCache(1)) {
            PtNDArray embedded = language.embed(new int[] {0}, step);
            try (PtNDArray hidden = language.prefill(embedded, cache, 0, step)) {
                TokenSampler.requireNumbers(language.logits(hidden, 0, step)[0]);
            }
        }
    }

    private void encode(BatchPlan plan, Map<SequenceId, SequenceOutput> outputs) {
        for (Sequence sequence : plan.embeds()) {
            outputs.put(sequence.id(), embed(sequence));
        }
        for (PrefillChunk chunk : plan.prefills()) {
            Sequence sequence = chunk.sequence();
            try {
                PromptEmbedder.spans(sequence.prefill(), chunk.from(), chunk.to())
                        .forEach(span -> encode(sequence, span));
            } catch (EngineException | IllegalArgumentException e) {
                outputs.put(sequence.id(), failed(sequence, Stage.ENCODE, e));
            }
        }
    }

    private PtNDArray encode(Sequence sequence, ImageSpan span) {
        return features.encode(sequence.request().tenant(), span.image());
    }

    private SequenceOutput embed(Sequence sequence) {
        List<float[]> vectors = new ArrayList<>();
        try {
            for (ImageSpan span : sequence.prompt().images()) {
                float[] vector = network.projector().mean(encode(sequence, span));
                requireNumbers(vector);
                vectors.add(vector);
            }
            return new SequenceOutput.Vectors(sequence.id(), vectors);
        } catch (EngineException | IllegalArgumentException | ArithmeticException e) {
            return failed(sequence, Stage.ENCODE, e);
        }
    }

    private void prefill(
            PrefillChunk chunk, NDManager step, Map<SequenceId, SequenceOutput> outputs) {
        Sequence sequence = chunk.sequence();
        KvCache cache = caches.get(sequence.id());
        try {
            sequence.task().labels().forEach(embedder::requireInVocabulary);
            chunk.prefixOf()
                    .map(owner -> caches.get(owner.id()))
                    .ifPresent(owner -> language.copyPrefix(owner, cache, chunk.from()));
            if (chunk.length() == 0) {
                return;
            }
            PtNDArray embedded =
                    embedder.embed(
                            sequence.request().tenant(),
                            sequence.prefill(),
                            chunk.from(),
                            chunk.to(),
                            step);
            try (PtNDArray hidden = language.prefill(embedded, cache, chunk.from(), step)) {
                if (chunk.isLast()) {
                    float[] logits = language.logits(hidden, chunk.length() - 1, step)[0];
                    outputs.put(sequence.id(), afterPrompt(sequence, cache, logits, step));
                }
            }
        } catch (EngineException | IllegalArgumentException | ArithmeticException e) {
            outputs.put(sequence.id(), failed(sequence, Stage.PREFILL, e));
        }
    }

    private SequenceOutput afterPrompt(
            Sequence sequence, KvCache cache, float[] logits, NDManager step) {
        if (sequence.task().kind() == TaskKind.SCORE) {
            return new SequenceOutput.LabelScores(
                    sequence.id(), scorer.probabilities(sequence, cache, logits, step));
        }
        return token(sequence, logits);
    }

    private void decode(
            List<Sequence> sequences, NDManager step, Map<SequenceId, SequenceOutput> outputs) {
        List<Sequence> batch = new ArrayList<>();
        for (Sequence sequence : sequences) {
            try {
                embedder.requireInVocabulary(new int[] {sequence.inputToken()});
                batch.add(sequence);
            } catch (IllegalArgumentException e) {
                outputs.put(sequence.id(), failed(sequence, Stage.DECODE, e));
            }
        }
        if (batch.isEmpty()) {
            return;
        }
        int[] ids = batch.stream().mapToInt(Sequence::inputToken).toArray();
        int[] positions = batch.stream().mapToInt(Sequence::inputPosition).toArray();
        List<KvCache> own = batch.stream().map(sequence -> caches.get(sequence.id())).toList();
        float[][] logits = language.decode(ids, positions, own, step);
        for (int i = 0; i < logits.length; i++) {
            Sequence sequence = batch.get(i);
            try {
                outputs.put(sequence.id(), token(sequence, logits[i]));
            } catch (ArithmeticException | IllegalArgumentException e) {
                outputs.put(sequence.id(), failed(sequence, Stage.DECODE, e));
            }
        }
    }

    private SequenceOutput token(Sequence sequence, float[] logits) {
        TokenSampler.requireNumbers(logits);
        GenerationOptions options = sequence.task().generation();
        int token =
                sequence.isReplaying()
                        ? sequence.replayedToken()
                        : TokenSampler.next(
                                adjustment.adjusted(logits, sequence),
                                options,
                                sequence.tokenCount());
        if (!options.wantsLogProbabilities()) {
            return new SequenceOutput.Token(sequence.id(), token);
        }
        embedder.requireInVocabulary(new int[] {token});
        return new SequenceOutput.Token(
                sequence.id(),
                token,
                Optional.of(LogProbabilities.of(logits, token, options.logProbabilities())));
    }

    private static SequenceOutput failed(Sequence sequence, Stage stage, Exception cause) {
        return new SequenceOutput.Failed(
                sequence.id(), stage, "the model failed: " + cause.getMessage());
    }

    private static void requireNumbers(float[] vector) {
        for (float value : vector) {
            if (!Float.isFinite(value)) {
                throw new ArithmeticException("the image's vector holds " + value);
            }
        }
    }

    /** Frees the caches and features that are still held. */
    @Override
    public void close() {
        caches.values().forEach(KvCache::close);
        caches.clear();
        pool.close();
        features.close();
    }
}
