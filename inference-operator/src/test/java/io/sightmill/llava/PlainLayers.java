package io.sightmill.llava;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;

/**
 * The layers once more in plain float32 array operations: slow, without TorchScript, made to be
 * read beside the papers. Weights come straight from the checkpoint's tensors.
 */
final class PlainLayers {

    private final NDManager manager;
    private final Checkpoint checkpoint;
    private final TensorMapper mapper;

    PlainLayers(Checkpoint checkpoint, TorchScriptModule kernels, NDManager manager) {
        this.checkpoint = checkpoint;
        this.mapper = new TensorMapper(kernels);
        this.manager = manager;
    }

    NDArray vision(NDArray hidden, VisionConfig config, String prefix) {
        int width = config.hiddenSize();
        int heads = config.heads();
        NDArray normed = layerNorm(hidden, prefix + "layer_norm1", config);
        String attention = prefix + "self_attn.";
        NDArray query = heads(biased(normed, attention + "q_proj", width, width), heads);
        NDArray key = heads(biased(normed, attention + "k_proj", width, width), heads);
        NDArray value = heads(biased(normed, attention + "v_proj", width, width), heads);
        NDArray attended = attend(query, key, value, null);
        NDArray middle = hidden.add(biased(attended, attention + "out_proj", width, width));
        NDArray inner = layerNorm(middle, prefix + "layer_norm2", config);
        inner = biased(inner, prefix + "mlp.fc1", config.intermediateSize(), width);
        inner = inner.mul(sigmoid(inner.mul(1.702f)));
        return middle.add(biased(inner, prefix + "mlp.fc2", width, config.intermediateSize()));
    }

    NDArray language(NDArray hidden, TextConfig config, String prefix) {
        CheckpointPart part = CheckpointPart.LANGUAGE;
        int width = config.hiddenSize();
        int queries = config.heads() * config.headWidth();
        int keys = config.keyValueHeads() * config.headWidth();
        long rows = hidden.getShape().get(0);
        NDArray normed = rmsNorm(hidden, prefix + "input_layernorm.weight", config);
        String attention = prefix + "self_attn.";
        NDArray query = linear(part, normed, attention + "q_proj", queries, width);
        NDArray key = linear(part, normed, attention + "k_proj", keys, width);
        NDArray value = linear(part, normed, attention + "v_proj", keys, width);
        int groups = config.heads() / config.keyValueHeads();
        NDArray attended =
                attend(
                        rotate(heads(query, config.heads()), config.rotary().theta()),
                        rotate(heads(key, config.keyValueHeads()), config.rotary().theta())
                                .repeat(0, groups),
                        heads(value, config.keyValueHeads()).repeat(0, groups),
                        causalMask(rows));
        NDArray middle = hidden.add(linear(part, attended, attention + "o_proj", width, queries));
        NDArray inner = rmsNorm(middle, prefix + "post_attention_layernorm.weight", config);
        int feed = config.intermediateSize();
        NDArray gate = linear(part, inner, prefix + "mlp.gate_proj", feed, width);
        NDArray up = linear(part, inner, prefix + "mlp.up_proj", feed, width);
        NDArray product = gate.mul(sigmoid(gate)).mul(up);
        return middle.add(linear(part, product, prefix + "mlp.down_proj", width, feed));
    }

    private NDArray weight(CheckpointPart part, String name, long... shape) {
        Checkpoint.Entry entry = checkpoint.find(part, name, shape);
        return mapper.map(entry.file(), entry.tensor(), manager).toType(DataType.FLOAT32, true);
    }

    private NDArray linear(CheckpointPart part, NDArray x, String name, int out, int in) {
        return x.matMul(weight(part, name + ".weight", out, in).transpose());
    }

    private NDArray biased(NDArray x, String name, int out, int in) {
        NDArray bias = weight(CheckpointPart.VISION, name + ".bias", out);
        return linear(CheckpointPart.VISION, x, name, out, in).add(bias);
    }

    private NDArray layerNorm(NDArray x, String name, VisionConfig config) {
        NDArray centred = x.sub(x.mean(new int[] {-1}, true));
        NDArray variance = centred.square().mean(new int[] {-1}, true);
        int width = config.hiddenSize();
        return centred.div(variance.add(config.layerNormEps()).sqrt())
                .mul(weight(CheckpointPart.VISION, name + ".weight", width))
                .add(weight(CheckpointPart.VISION, name + ".bias", width));
    }

    private NDArray rmsNorm(NDArray x, String name, TextConfig config) {
        NDArray square = x.square().mean(new int[] {-1}, true);
        return x.div(square.add(config.rmsNormEps()).sqrt())
                .mul(weight(CheckpointPart.LANGUAGE, name, config.hiddenSize()));
    }

    /** [rows, heads * width] -> [heads, rows, width]. */
    private static NDArray heads(NDArray x, int heads) {
        return x.reshape(x.getShape().get(0), heads, -1).transpose(1, 0, 2);
    }

    /** Over [heads, rows, width] -> [rows, heads * width]. */
    private static NDArray attend(NDArray query, NDArray key, NDArray value, NDArray mask) {
        double width = query.getShape().get(2);
        NDArray scores = query.matMul(key.transpose(0, 2, 1)).div(Math.sqrt(width));
        NDArray weights = (mask == null ? scores : scores.add(mask)).softmax(-1);
        return weights.matMul(value).transpose(1, 0, 2).reshape(query.getShape().get(1), -1);
    }

    private NDArray causalMask(long rows) {
        float[] mask = new float[(int) (rows * rows)];
        for (int row = 0; row < rows; row++) {
            for (int column = row + 1; column < rows; column++) {
                mask[(int) (row * rows) + column] = -1e30f;
            }
        }
        return manager.create(mask, new Shape(rows, rows));
    }

    private NDArray rotate(NDArray x, double theta) {
        int rows = (int) x.getShape().get(1);
        int half = (int) x.getShape().get(2) / 2;
        float[] cosines = new float[rows * half];
        float[] sines = new float[rows * half];
        for (int row = 0; row < rows; row++) {
            for (int i = 0; i < half; i++) {
                double angle = row * Math.pow(theta, -(double) i / half);
                cosines[row * half + i] = (float) Math.cos(angle);
                sines[row * half + i] = (float) Math.sin(angle);
            }
        }
        NDArray cosine = manager.create(cosines, new Shape(rows, half));
        NDArray sine = manager.create(sines, new Shape(rows, half));
        NDArray low = x.get(new NDIndex(":, :, :{}", half));
        NDArray high = x.get(new NDIndex(":, :, {}:", half));
        return low.mul(cosine).sub(high.mul(sine)).concat(high.mul(cosine).add(low.mul(sine)), -1);
    }

    private static NDArray sigmoid(NDArray x) {
        return x.neg().exp().add(1).pow(-1);
    }
}
