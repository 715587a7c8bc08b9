package io.sightmill.llava;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The LLaMA or Mistral decoder: prefill and decode over KV pages.
 *
 * <p>INVARIANT: what a sequence gets depends on its own tokens and cache alone, bit for bit. Used
 * by one thread.
 */
final class LanguageModel {

    private static final CheckpointPart PART = CheckpointPart.LANGUAGE;

    private final TextConfig config;
    private final NDManager owner;
    private final TorchScriptModule kernels;
    private final PtNDArray table;
    private final PtNDArray norm;
    private final List<PtNDArray> head;
    private final PtNDArray rotary;
    private final List<IValue> layers = new ArrayList<>();
    private final IValue stack;
    private final IValue packed;

    /** What is loaded; the layers' in the order that {@code language.py} says. */
    record Tensors<T>(T table, T norm, List<T> head, List<List<T>> layers) {}

    /**
     * @param owner closes what is loaded, the kernels, and caches that are still open
     */
    LanguageModel(TextConfig config, WeightLoader weights, NDManager owner) {
        this.config = config;
        this.owner = owner;
        Tensors<PtNDArray> loaded = tensors(config, weights);
        table = loaded.table();
        norm = loaded.norm();
        head = loaded.head();
        loaded.layers().forEach(layer -> layers.add(weights.list(layer)));
        stack = weights.list(loaded.layers().stream().flatMap(List::stream).toList());
        packed = weights.packed();
        kernels = TorchScriptModule.load("language", owner);
        rotary = rotaryTable(config, kernels, weights.device(), owner);
    }

    /** Asks for everything, in the order of loading. */
    static <T> Tensors<T> tensors(TextConfig config, Weights<T> weights) {
        int width = config.hiddenSize();
        T table = weights.parameter(PART, "embed_tokens.weight", config.vocabularySize(), width);
        T norm = weights.parameter(PART, "norm.weight", width);
        List<T> head =
                config.tiedEmbeddings()
                        ? weights.weight(
                                LinearLayer.TEXT_HEAD,
                                PART,
                                "embed_tokens.weight",
                                config.vocabularySize(),
                                width)
                        : weights.weight(
                                LinearLayer.TEXT_HEAD,
                                CheckpointPart.HEAD,
                                "weight",
                                config.vocabularySize(),
                                width);
        List<List<T>> layers = new ArrayList<>();
        for (int layer = 0; layer < config.layers(); layer++) {
            layers.add(layer(config, weights, "layers." + layer + "."));
        }
        return new Tensors<>(table, norm, head, layers);
    }

    /** Cosines and sines of all positions, [2, context, head width / 2] in float32. */
    static PtNDArray rotaryTable(
            TextConfig config, TorchScriptModule kernels, String device, NDManager owner) {
        RotaryConfig rotation = config.rotary();
        try (PtNDArray unscaled =
                        kernels.call("rotary_frequencies")
                                .with(config.headWidth())
                                .with(rotation.theta())
                                .run(owner);
                NDArray scaled = owner.create(rotation.scaling().apply(unscaled.toFloatArray()))) {
            return kernels.call("rotary_table")
                    .with(config.contextTokens())
                    .with(scaled)
                    .with(device)
                    .run(owner);
        }
    }

    /** Memory for keys and values of any number of sequences; the caller closes it. */
    KvPool newPool() {
        return new KvPool(kernels, config, table, owner);
    }

    /**
     * Takes a prefix over from a sequence that has run it.
     *
     * @param from and cache are of one pool
     * @param end how many positions
     */
    void copyPrefix(KvCache from, KvCache cache, int end) {
        kernels.call("copy_prefix")
                .withShared(cache.pool().stores())
                .with(from.pages(end))
                .with(cache.pages(end))
                .with(end)
                .run(owner)
                .close();
    }

    /**
     * What enters the first layer.
     *
     * @param ids token ids, each inside the vocabulary
     * @return [ids, width]
     */
    PtNDArray embed(int[] ids, NDManager step) {
        try (NDArray indices = indices(ids, step)) {
            return kernels.call("embed").with(indices).with(table).run(step);
        }
    }

    /** Puts rows begin .. end of an image's features at row {@code at} of embedded tokens. */
    void place(PtNDArray hidden, PtNDArray features, int at, int begin, int end) {
        kernels.call("place")
                .with(hidden)
                .with(features)
                .with(at)
                .with(begin)
                .with(end)
                .run(hidden.getManager())
                .close();
    }

    /**
     * Runs a stretch of one sequence and leaves its keys and values in the cache.
     *
     * @param hidden what {@link #embed} gave; closed here
     * @param start position of the first row; everything before it is in the cache
     * @return what leaves the last layer, [rows, width]
     */
    PtNDArray prefill(PtNDArray hidden, KvCache cache, int start, NDManager step) {
        long[] pages = cache.pages(start + (int) hidden.getShape().get(0));
        KvPool pool = cache.pool();
        for (int layer = 0; layer < layers.size(); layer++) {
            try (PtNDArray before = hidden) {
                hidden =
                        kernels.call("prefill_layer")
                                .with(before)
                                .withShared(layers.get(layer))
                                .with(pool.keys(layer))
                                .with(pool.values(layer))
                                .with(pages)
                                .with(start)
                                .with(rotary)
                                .with(config.heads())
                                .with(config.attentionWindow())
                                .with(config.rmsNormEps())
                                .withShared(packed)
                                .run(step);
            }
        }
        return hidden;
    }

    /**
     * The logits of rows that left the last layer.
     *
     * @param begin the first row wanted
     * @return one array of the vocabulary's size a row
     */
    float[][] logits(PtNDArray hidden, int begin, NDManager step) {
        try (PtNDArray logits =
                kernels.call("logits")
                        .with(hidden)
                        .with(norm)
                        .with(head.get(0))
                        .with(head.get(1))
                        .with(begin)
                        .with(config.rmsNormEps())
                        .withShared(packed)
                        .run(step)) {
            return rows(logits);
        }
    }

    /**
     * Feeds one token to each of several sequences.
     *
     * @param ids the tokens, each inside the vocabulary
     * @param positions where they stand; everything before is in the caches
     * @param caches of one pool
     * @return the logits that follow, one array of the vocabulary's size a sequence
     */
    float[][] decode(int[] ids, int[] positions, List<KvCache> caches, NDManager step) {
        DecodePages pages = DecodePages.of(caches, positions, config.attentionWindow());
        try (NDArray indices = indices(ids, step);
                PtNDArray logits =
                        kernels.call("decode")
                                .with(indices)
                                .with(wide(positions))
                                .withShared(caches.get(0).pool().stores())
                                .with(pages.runs())
                                .with(pages.pages())
                                .with(pages.table())
                                .with(pages.order())
                                .with(pages.begins())
                                .with(pages.ends())
                                .with(table)
                                .withShared(stack)
                                .with(norm)
                                .with(head.get(0))
                                .with(head.get(1))
                                .with(rotary)
                                .with(config.heads())
                                .with(config.attentionWindow())
                                .with(config.rmsNormEps())
                                .withShared(packed)
                                .run(step)) {
            return rows(logits);
        }
    }

    private static long[] wide(int[] values) {
        return Arrays.stream(values).asLongStream().toArray();
    }

    private static NDArray indices(int[] ids, NDManager step) {
        return step.create(wide(ids), new Shape(ids.length));
    }

    private float[][] rows(PtNDArray logits) {
        float[] flat = logits.toFloatArray();
        int width = config.vocabularySize();
        float[][] rows = new float[flat.length / width][width];
        for (int row = 0; row < rows.length; row++) {
            System.arraycopy(flat, row * width, rows[row], 0, width);
        }
        return rows;
    }

    /** In the order that {@code language.py} says. */
    private static <T> List<T> layer(TextConfig config, Weights<T> weights, String prefix) {
        int width = config.hiddenSize();
        int inner = config.intermediateSize();
        int heads = config.heads() * config.headWidth();
        int groups = config.keyValueHeads() * config.headWidth();
        String attention = prefix + "self_attn.";
        String mlp = prefix + "mlp.";
        boolean biased = config.attentionBias();
        List<T> layer = new ArrayList<>();
        layer.add(weights.parameter(PART, prefix + "input_layernorm.weight", width));
        List<String> joined =
                List.of(attention + "q_proj", attention + "k_proj", attention + "v_proj");
        layer.addAll(
                weights.linear(
                        LinearLayer.TEXT_ATTENTION,
                        PART,
                        joined,
                        new int[] {heads, groups, groups},
                        width,
                        biased));
        layer.addAll(
                weights.linear(
                        LinearLayer.TEXT_ATTENTION,
                        PART,
                        attention + "o_proj",
                        width,
                        heads,
                        biased));
        layer.add(weights.parameter(PART, prefix + "post_attention_layernorm.weight", width));
        List<String> gateUp = List.of(mlp + "gate_proj", mlp + "up_proj");
        layer.addAll(
                weights.linear(
                        LinearLayer.TEXT_GATE_UP,
                        PART,
                        gateUp,
                        new int[] {inner, inner},
                        width,
                        config.mlpBias()));
        layer.addAll(
                weights.linear(
                        LinearLayer.TEXT_DOWN,
                        PART,
                        mlp + "down_proj",
                        width,
                        inner,
                        config.mlpBias()));
        return layer;
    }
}
