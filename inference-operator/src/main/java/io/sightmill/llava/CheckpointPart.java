package io.sightmill.llava;

import java.util.List;

/**
 * The parts of a LLaVA checkpoint and the prefixes that their tensors have: those of Hugging Face's
 * releases, then the authors' own.
 */
enum CheckpointPart {
    VISION(
            "vision_tower.vision_model.",
            "model.vision_tower.vision_model.",
            "vision_tower.",
            "model.vision_tower.",
            "model.vision_tower.vision_tower.vision_model.",
            // A CLIP checkpoint by itself, as old and new releases write it.
            "vision_model.",
            ""),
    PROJECTOR("multi_modal_projector.", "model.multi_modal_projector."),
    AUTHORS_PROJECTOR("model."),
    LANGUAGE("language_model.model.", "model.language_model.", "model."),
    HEAD("language_model.lm_head.", "lm_head."),
    /** What belongs to no part: LLaVA-NeXT's newline. */
    MODEL("", "model.");

    private final List<String> prefixes;

    CheckpointPart(String... prefixes) {
        this.prefixes = List.of(prefixes);
    }

    /** What people call it. */
    String title() {
        return switch (this) {
            case VISION -> "vision";
            case PROJECTOR, AUTHORS_PROJECTOR -> "projector";
            case LANGUAGE -> "language";
            case HEAD -> "head";
            case MODEL -> "newline";
        };
    }

    /** The names a tensor of this part may have, the oldest scheme first. */
    List<String> names(String name) {
        return prefixes.stream().map(prefix -> prefix + name).toList();
    }
}
