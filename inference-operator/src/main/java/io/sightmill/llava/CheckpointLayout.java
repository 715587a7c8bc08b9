package io.sightmill.llava;

/** The two ways in which LLaVA checkpoints are published. */
public enum CheckpointLayout {
    /** One directory that holds all, config.json in sections. */
    HUGGING_FACE("hugging-face"),
    /** A language model's directory with a projector in it, and a CLIP encoder's directory. */
    AUTHORS("authors");

    private final String key;

    CheckpointLayout(String key) {
        this.key = key;
    }

    /** What a user calls it. */
    public String key() {
        return key;
    }
}
