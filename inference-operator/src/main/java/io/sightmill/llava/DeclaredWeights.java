package io.sightmill.llava;

import java.util.ArrayList;
import java.util.List;

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
        return declare(part, name, TensorDeclaration.Use.PARAMETER, shape);
    }

    @Override
    public List<TensorDeclaration> linear(
            CheckpointPart part, List<String> names, int[] outputs, int inputs, boolean biased) {
        List<TensorDeclaration> layer = new ArrayList<>();
        for (int i = 0; i < outputs.length; i++) {
            layer.add(weight(part, names.get(i) + ".weight", outputs[i], inputs));
            if (biased) {
                layer.add(parameter(part, names.get(i) + ".bias", outputs[i]));
            }
        }
        return layer;
    }

    @Override
    public TensorDeclaration patchWeight(CheckpointPart part, String name, long... shape) {
        return weight(part, name, shape);
    }

    @Override
    public TensorDeclaration weight(CheckpointPart part, String name, long... shape) {
        return declare(part, name, TensorDeclaration.Use.PRODUCT, shape);
    }

    private TensorDeclaration declare(
            CheckpointPart part, String name, TensorDeclaration.Use use, long... shape) {
        TensorDeclaration declaration = TensorDeclaration.of(part, name, use, shape);
        declared.add(declaration);
        return declaration;
    }
}
