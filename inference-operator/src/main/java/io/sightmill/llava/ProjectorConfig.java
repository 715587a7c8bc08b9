package io.sightmill.llava;

import java.util.List;
import java.util.stream.IntStream;

/**
 * The projector between vision tower and language model: linear layers with exact GELU between
 * them.
 *
 * @param layout whose names the layers have
 * @param layers how many linear layers: 1 in LLaVA v1 (arXiv 2304.08485), 2 since LLaVA-1.5 (arXiv
 *     2310.03744)
 * @param biased whether they have biases
 */
public record ProjectorConfig(CheckpointLayout layout, int layers, boolean biased) {

    public ProjectorConfig {
        Bound.require("mm_projector_type's layers", layers, 1, 16);
        if (layout == CheckpointLayout.HUGGING_FACE) {
            Bound.require("projector layers", layers, 2, 2);
        }
    }

    CheckpointPart part() {
        return layout == CheckpointLayout.AUTHORS
                ? CheckpointPart.AUTHORS_PROJECTOR
                : CheckpointPart.PROJECTOR;
    }

    /** The linear layers' names in order, without {@code .weight} and {@code .bias}. */
    List<String> names() {
        if (layout == CheckpointLayout.HUGGING_FACE) {
            return List.of("linear_1", "linear_2");
        }
        // Between two linear layers the authors' list has a GELU, which counts and has no weights.
        return layers == 1
                ? List.of("mm_projector")
                : IntStream.range(0, layers).mapToObj(i -> "mm_projector." + 2 * i).toList();
    }
}
