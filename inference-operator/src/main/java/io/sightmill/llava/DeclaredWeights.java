package io.sightmill.llava;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Notes what the stages ask for and loads none of it. Used by one thread. */
final class DeclaredWeights implements Weights<TensorDeclaration> {

    private final List<TensorDeclaration> declared = new ArrayList<>();

    private DeclaredWeights() {}

    /** All that a model of this configuration loads, in the order of loading. */
    static List<TensorDeclaration> of(LlavaConfig config) {
        DeclaredWeights weights = new DeclaredWeights();
        VisionEncoder.tensors(config, weights);
        Projector.tensors(config, weights);
        LanguageModel.tensors(config.text(), weights);
        if (config.isTiled()) {
            TileJoiner.newline(config, weights);
        }
        return List.copyOf(weights.declared);
    }

    @Override
    public TensorDeclaration parameter(CheckpointPart part, String name, long... shape) {
        return declare(part, name, Optional.empty(), shape);
    }

    @Override
    public List<TensorDeclaration> linear(
            LinearLayer kind,
            CheckpointPart part,
            List<String> names,
            int[] outputs,
            int inputs,
            boolean biased) {
        List<TensorDeclaration> layer = new ArrayList<>();
        for (int i = 0; i < outputs.length; i++) {
            layer.addAll(weight(kind, part, names.get(i) + ".weight", outputs[i], inputs));
            if (biased) {
                layer.add(parameter(part, names.get(i) + ".bias", outputs[i]));
            }
        }
        return layer;
    }

    @Override
    public List<TensorDeclaration> patches(CheckpointPart part, String name, long... shape) {
        return weight(LinearLayer.VISION_PATCHES, part, name, shape);
    }

    @Override
    public List<TensorDeclaration> weight(
            LinearLayer kind, CheckpointPart part, String name, long... shape) {
        return List.of(declare(part, name, Optional.of(kind), shape));
    }

    private TensorDeclaration declare(
            CheckpointPart part, String name, Optional<LinearLayer> layer, long... shape) {
        TensorDeclaration declaration = TensorDeclaration.of(part, name, layer, shape);
        declared.add(declaration);
        return declaration;
    }
}
