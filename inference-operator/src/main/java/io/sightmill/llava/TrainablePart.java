package io.sightmill.llava;

/** The parts of a model that a stage of tuning trains or leaves as they are. */
public enum TrainablePart {
    /** The vision tower as far as it is run. */
    VISION,
    /** The projector, and the newline of a model that cuts images into tiles. */
    PROJECTOR,
    /** Embeddings, decoder layers and the output layer. */
    LANGUAGE;

    static TrainablePart of(CheckpointPart part) {
        return switch (part) {
            case VISION -> VISION;
            case PROJECTOR, AUTHORS_PROJECTOR, MODEL -> PROJECTOR;
            case LANGUAGE, HEAD -> LANGUAGE;
        };
    }
}
