package io.sightmill.llava;

import io.sightmill.llava.SafetensorsWriter.Tensor;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * The tensors of a generated checkpoint with their random values.
 *
 * <p>The spreads keep activations near 1 through all layers and give the logits a spread of about
 * 3, at which a greedy answer wanders instead of repeating one token. In a deep model each layer
 * adds less, so that all together add what a few layers do (as in GPT-2).
 */
final class CheckpointTensors {

    private static final double OFFSET_SPREAD = 0.1;

    /** Up to here every layer adds in full. */
    private static final int FULL_LAYERS = 4;

    private static final BitSet NO_ROWS = new BitSet();

    private final CheckpointPlan plan;
    private final TokenizerFile tokenizer;
    private final List<GeneratedTensor> tensors = new ArrayList<>();

    private CheckpointTensors(CheckpointPlan plan, TokenizerFile tokenizer) {
        this.plan = plan;
        this.tokenizer = tokenizer;
    }

    /** Those of the encoder, in file order. */
    static List<GeneratedTensor> vision(CheckpointPlan plan, TokenizerFile tokenizer) {
        CheckpointTensors all = new CheckpointTensors(plan, tokenizer);
        all.addVision(plan.shape().vision());
        return List.copyOf(all.tensors);
    }

    /** Projector, language model and output layer, in file order. */
    static List<GeneratedTensor> language(CheckpointPlan plan, TokenizerFile tokenizer) {
        CheckpointTensors all = new CheckpointTensors(plan, tokenizer);
        all.addProjector(plan.shape());
        all.addText(plan.shape().text());
        all.addHead(plan.shape().text());
        return List.copyOf(all.tensors);
    }

    private void addVision(VisionShape shape) {
        GeneratedPart part = GeneratedPart.VISION;
        int hidden = shape.hidden();
        int patch = shape.patchSize();
        add(part, "embeddings.class_embedding", 0, 1, hidden);
        double patchSpread = spread(3 * patch * patch, 1);
        add(part, "embeddings.patch_embedding.weight", 0, patchSpread, hidden, 3, patch, patch);
        add(part, "embeddings.position_embedding.weight", 0, 0.5, shape.patches() + 1, hidden);
        // The name is misspelt in every published checkpoint.
        addLayerNorm("pre_layrnorm", hidden);
        for (int layer = 0; layer < shape.layers(); layer++) {
            addVisionLayer("encoder.layers." + layer + ".", shape);
        }
        addLayerNorm("post_layernorm", hidden);
    }

    private void addVisionLayer(String name, VisionShape shape) {
        GeneratedPart part = GeneratedPart.VISION;
        int hidden = shape.hidden();
        double share = share(shape.layers());
        addLayerNorm(name + "layer_norm1", hidden);
        for (String projection : List.of("q_proj", "k_proj", "v_proj")) {
            addLinear(part, name + "self_attn." + projection, hidden, hidden, 1.3);
        }
        addLinear(part, name + "self_attn.out_proj", hidden, hidden, share);
        addLayerNorm(name + "layer_norm2", hidden);
        addLinear(part, name + "mlp.fc1", shape.intermediate(), hidden, 1);
        addLinear(part, name + "mlp.fc2", hidden, shape.intermediate(), share);
    }

    private void addProjector(CheckpointShape shape) {
        GeneratedPart part = GeneratedPart.PROJECTOR;
        int hidden = shape.text().hidden();
        addLinear(part, "linear_1", hidden, shape.vision().hidden(), 1);
        if (shape.family().projectorLayers() > 1) {
            addLinear(part, "linear_2", hidden, hidden, 1.5);
        }
        if (shape.family() == CheckpointFamily.NEXT) {
            add(GeneratedPart.NEWLINE, "", 0, 1, hidden);
        }
    }

    private void addText(TextShape shape) {
        GeneratedPart part = GeneratedPart.TEXT;
        int hidden = shape.hidden();
        add(part, "embed_tokens.weight", 0, 1, shape.vocabulary(), hidden);
        for (int layer = 0; layer < shape.layers(); layer++) {
            addTextLayer("layers." + layer + ".", shape);
        }
        add(part, "norm.weight", 1, OFFSET_SPREAD, hidden);
    }

    private void addTextLayer(String name, TextShape shape) {
        GeneratedPart part = GeneratedPart.TEXT;
        int hidden = shape.hidden();
        double share = share(shape.layers());
        add(part, name + "input_layernorm.weight", 1, OFFSET_SPREAD, hidden);
        addWeight(part, name + "self_attn.q_proj", hidden, hidden, 1.5);
        addWeight(part, name + "self_attn.k_proj", shape.keyValueWidth(), hidden, 1.5);
        addWeight(part, name + "self_attn.v_proj", shape.keyValueWidth(), hidden, 1);
        addWeight(part, name + "self_attn.o_proj", hidden, hidden, 1.5 * share);
        add(part, name + "post_attention_layernorm.weight", 1, OFFSET_SPREAD, hidden);
        addWeight(part, name + "mlp.gate_proj", shape.intermediate(), hidden, 1.2);
        addWeight(part, name + "mlp.up_proj", shape.intermediate(), hidden, 1.2);
        addWeight(part, name + "mlp.down_proj", hidden, shape.intermediate(), 1.5 * share);
    }

    /** Bytes and special tokens get logit 0, below the best of the others: answers are words. */
    private void addHead(TextShape shape) {
        BitSet unreadable = new BitSet();
        for (int id = 0; id < shape.vocabulary(); id++) {
            unreadable.set(id, !tokenizer.isReadable(id));
        }
        unreadable.clear(tokenizer.idOf(TokenizerFile.END));
        double spread = spread(shape.hidden(), 3);
        int[] sizes = {shape.vocabulary(), shape.hidden()};
        add(GeneratedPart.HEAD, "weight", 0, spread, unreadable, sizes);
    }

    private void addLayerNorm(String name, int width) {
        add(GeneratedPart.VISION, name + ".weight", 1, OFFSET_SPREAD, width);
        add(GeneratedPart.VISION, name + ".bias", 0, OFFSET_SPREAD, width);
    }

    private void addLinear(GeneratedPart part, String name, int outputs, int inputs, double gain) {
        addWeight(part, name, outputs, inputs, gain);
        add(part, name + ".bias", 0, OFFSET_SPREAD, outputs);
    }

    private void addWeight(GeneratedPart part, String name, int outputs, int inputs, double gain) {
        add(part, name + ".weight", 0, spread(inputs, gain), outputs, inputs);
    }

    private static double spread(int inputs, double gain) {
        return gain / Math.sqrt(inputs);
    }

    /** What a layer's output is scaled by, so that the sum over all layers stays as it is. */
    private static double share(int layers) {
        return Math.sqrt((double) FULL_LAYERS / Math.max(FULL_LAYERS, layers));
    }

    private void add(GeneratedPart part, String name, double center, double spread, int... sizes) {
        add(part, name, center, spread, NO_ROWS, sizes);
    }

    private void add(
            GeneratedPart part,
            String name,
            double center,
            double spread,
            BitSet zeroRows,
            int... sizes) {
        tensors.add(
                new GeneratedTensor(
                        new Tensor(part.name(plan, name), plan.type(), sizes),
                        RandomValues.of(plan.seed(), part.huggingFaceName(name), center, spread),
                        zeroRows));
    }
}
