package io.sightmill.llava;

/**
 * The parts of a generated checkpoint and what the two layouts call their tensors. The values of a
 * tensor follow from its name in Hugging Face's layout, so that both layouts hold the same model.
 */
enum GeneratedPart {
    VISION("vision_tower.vision_model.", "vision_model."),
    PROJECTOR("multi_modal_projector.", "model.mm_projector."),
    TEXT("language_model.model.", "model."),
    HEAD("language_model.lm_head.", "lm_head."),
    NEWLINE("image_newline", "model.image_newline");

    private static final String INSIDE = "model.vision_tower.vision_tower.";

    private final String huggingFace;
    private final String authors;

    GeneratedPart(String huggingFace, String authors) {
        this.huggingFace = huggingFace;
        this.authors = authors;
    }

    String huggingFaceName(String name) {
        return huggingFace + name;
    }

    String name(CheckpointPlan plan, String name) {
        if (plan.layout() == CheckpointLayout.HUGGING_FACE) {
            return huggingFaceName(name);
        }
        return switch (this) {
            case VISION -> (holdsVision(plan) ? INSIDE : "") + authors + name;
            case PROJECTOR -> authors + projectorName(plan, name);
            default -> authors + name;
        };
    }

    /** From LLaVA-1.6 on the authors tuned the encoder too, and so publish it with the rest. */
    static boolean holdsVision(CheckpointPlan plan) {
        return plan.layout() == CheckpointLayout.HUGGING_FACE
                || plan.shape().family() == CheckpointFamily.NEXT;
    }

    /** Places in a sequence, where the GELU takes the place between; a lone layer has none. */
    private static String projectorName(CheckpointPlan plan, String name) {
        boolean isLone = plan.shape().family().projectorLayers() == 1;
        return name.replace("linear_1.", isLone ? "" : "0.").replace("linear_2.", "2.");
    }
}
