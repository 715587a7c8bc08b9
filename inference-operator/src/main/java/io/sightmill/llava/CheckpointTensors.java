package io.sightmill.llava;

import io.sightmill.llava.SafetensorsWriter.Format;
import io.sightmill.llava.SafetensorsWriter.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/**
 * The tensors of a generated checkpoint, by their Hugging Face names, with random values.
 *
 * <p>Values are uniform around their center. The spreads keep activations near 1 through all layers
 * and give the logits a spread of about 3, at which a greedy answer wanders instead of repeating
 * one token. Each tensor has a random stream of its own, so that none depends on another's size.
 */
final class CheckpointTensors {

    /** Scale of a uniform variable in [-1, 1) of variance 1: the square root of 3. */
    private static final double UNIT = 1.7320508075688772;

    private static final double OFFSET_SPREAD = 0.1;

    private final CheckpointShape shape;
    private final TokenizerFile tokenizer;
    private final long seed;
    private final List<Entry> entries = new ArrayList<>();

    /** A tensor and how to make its values. */
    record Entry(Tensor tensor, Supplier<float[]> values) {}

    private CheckpointTensors(CheckpointShape shape, TokenizerFile tokenizer, long seed) {
        this.shape = shape;
        this.tokenizer = tokenizer;
        this.seed = seed;
    }

    /** All tensors, in file order; values are made only when asked for. */
    static List<Entry> list(CheckpointShape shape, TokenizerFile tokenizer, long seed) {
        CheckpointTensors tensors = new CheckpointTensors(shape, tokenizer, seed);
        tensors.addVision("vision_tower.vision_model.");
        tensors.addProjector("multi_modal_projector.");
        tensors.addText("language_model.");
        return List.copyOf(tensors.entries);
    }

    private void addVision(String prefix) {
        int hidden = shape.vision().hidden();
        int intermediate = shape.vision().intermediate();
        int patch = shape.patchSize();
        add(prefix + "embeddings.class_embedding", 0, 1, hidden);
        double patchSpread = spread(3 * patch * patch, 1);
        add(prefix + "embeddings.patch_embedding.weight", 0, patchSpread, hidden, 3, patch, patch);
        int positions = shape.imageTokens() + 1;
        add(prefix + "embeddings.position_embedding.weight", 0, 0.5, positions, hidden);
        // The name is misspelt in every published checkpoint.
        addLayerNorm(prefix + "pre_layrnorm", hidden);
        for (int layer = 0; layer < shape.vision().layers(); layer++) {
            String name = prefix + "encoder.layers." + layer + ".";
            addLayerNorm(name + "layer_norm1", hidden);
            for (String projection : List.of("q_proj", "k_proj", "v_proj")) {
                addLinear(name + "self_attn." + projection, hidden, hidden, 1.3);
            }
            addLinear(name + "self_attn.out_proj", hidden, hidden, 1);
            addLayerNorm(name + "layer_norm2", hidden);
            addLinear(name + "mlp.fc1", intermediate, hidden, 1);
            addLinear(name + "mlp.fc2", hidden, intermediate, 1);
        }
        addLayerNorm(prefix + "post_layernorm", hidden);
    }

    private void addProjector(String prefix) {
        addLinear(prefix + "linear_1", shape.text().hidden(), shape.vision().hidden(), 1);
        addLinear(prefix + "linear_2", shape.text().hidden(), shape.text().hidden(), 1.5);
    }

    private void addText(String prefix) {
        int hidden = shape.text().hidden();
        int intermediate = shape.text().intermediate();
        int vocabulary = tokenizer.tokens().size();
        add(prefix + "model.embed_tokens.weight", 0, 1, vocabulary, hidden);
        for (int layer = 0; layer < shape.text().layers(); layer++) {
            String name = prefix + "model.layers." + layer + ".";
            add(name + "input_layernorm.weight", 1, OFFSET_SPREAD, hidden);
            addWeight(name + "self_attn.q_proj", hidden, hidden, 1.5);
            addWeight(name + "self_attn.k_proj", hidden, hidden, 1.5);
            addWeight(name + "self_attn.v_proj", hidden, hidden, 1);
            addWeight(name + "self_attn.o_proj", hidden, hidden, 1.5);
            add(name + "post_attention_layernorm.weight", 1, OFFSET_SPREAD, hidden);
            addWeight(name + "mlp.gate_proj", intermediate, hidden, 1.2);
            addWeight(name + "mlp.up_proj", intermediate, hidden, 1.2);
            addWeight(name + "mlp.down_proj", hidden, intermediate, 1.5);
        }
        add(prefix + "model.norm.weight", 1, OFFSET_SPREAD, hidden);
        Tensor head = new Tensor(prefix + "lm_head.weight", Format.F16, vocabulary, hidden);
        entries.add(new Entry(head, () -> readableOnly(values(head, 0, spread(hidden, 3)))));
    }

    /** Bytes and special tokens get logit 0, below the best of the others: answers are words. */
    private float[] readableOnly(float[] head) {
        int hidden = shape.text().hidden();
        for (int at = 0; at < head.length; at++) {
            int id = at / hidden;
            if (!tokenizer.isReadable(id) && id != tokenizer.idOf(TokenizerFile.END)) {
                head[at] = 0;
            }
        }
        return head;
    }

    private void addLayerNorm(String name, int width) {
        add(name + ".weight", 1, OFFSET_SPREAD, width);
        add(name + ".bias", 0, OFFSET_SPREAD, width);
    }

    private void addLinear(String name, int outputs, int inputs, double gain) {
        addWeight(name, outputs, inputs, gain);
        add(name + ".bias", 0, OFFSET_SPREAD, outputs);
    }

    private void addWeight(String name, int outputs, int inputs, double gain) {
        add(name + ".weight", 0, spread(inputs, gain), outputs, inputs);
    }

    private static double spread(int inputs, double gain) {
        return gain / Math.sqrt(inputs);
    }

    private void add(String name, double center, double spread, int... sizes) {
        Tensor tensor = new Tensor(name, Format.F16, sizes);
        entries.add(new Entry(tensor, () -> values(tensor, center, spread)));
    }

    private float[] values(Tensor tensor, double center, double spread) {
        // Arithmetic on the random bits is exact on every machine; library functions need not be.
        SplittableRandom random =
                new SplittableRandom(seed ^ tensor.name().hashCode() * 0x9E3779B9L);
        float[] values = new float[Math.toIntExact(tensor.values())];
        for (int i = 0; i < values.length; i++) {
            double uniform = (random.nextLong() >> 11) * 0x1p-52;
            values[i] = (float) (center + spread * UNIT * uniform);
        }
        return values;
    }
}
