package io.sightmill.llava;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDArray;
import io.sightmill.engine.ModelLoadException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a model that learns consists of between two steps, as a safetensors file: each learning
 * tensor and both means that AdamW keeps of its gradients, to the bit.
 */
final class TrainingState {

    private static final List<String> KINDS = List.of("weight.", "first.", "second.");

    private TrainingState() {}

    static void write(List<LearningTensor> learning, Path file) throws IOException {
        List<SafetensorsWriter.Tensor> tensors = new ArrayList<>();
        List<NDArray> values = new ArrayList<>();
        for (LearningTensor each : learning) {
            for (String kind : KINDS) {
                NDArray array = array(each, kind);
                int[] shape = new int[array.getShape().dimension()];
                for (int i = 0; i < shape.length; i++) {
                    shape[i] = Math.toIntExact(array.getShape().get(i));
                }
                tensors.add(
                        new SafetensorsWriter.Tensor(
                                kind + each.name(), WeightType.FLOAT32, shape));
                values.add(array);
            }
        }
        try (SafetensorsWriter writer = new SafetensorsWriter(file, tensors)) {
            for (int i = 0; i < tensors.size(); i++) {
                float[] floats = values.get(i).toFloatArray();
                ByteBuffer bytes =
                        ByteBuffer.allocate(floats.length * Float.BYTES)
                                .order(ByteOrder.LITTLE_ENDIAN);
                bytes.asFloatBuffer().put(floats);
                writer.write(i, 0, bytes);
            }
            writer.finish();
        }
    }

    /**
     * @param kernels the module of {@code training.py}
     * @throws ModelLoadException if the file is broken or of another model
     */
    static void read(List<LearningTensor> learning, Path file, TorchScriptModule kernels) {
        SafetensorsFile saved = SafetensorsFile.open(file);
        for (LearningTensor each : learning) {
            for (String kind : KINDS) {
                NDArray array = array(each, kind);
                float[] values = saved.floats(kind + each.name());
                if (values.length != array.size()) {
                    throw new ModelLoadException(
                            "%s: %s has %d values instead of %d; it is of another model"
                                    .formatted(
                                            file, kind + each.name(), values.length, array.size()));
                }
                assign((PtNDArray) array, values, kernels);
            }
        }
    }

    private static void assign(PtNDArray array, float[] values, TorchScriptModule kernels) {
        try (NDArray saved = array.getManager().create(values, array.getShape())) {
            kernels.call("assign").with(array).with(saved).run(array.getManager()).close();
        }
    }

    private static NDArray array(LearningTensor tensor, String kind) {
        return switch (kind) {
            case "weight." -> tensor.weight();
            case "first." -> tensor.first();
            default -> tensor.second();
        };
    }
}
