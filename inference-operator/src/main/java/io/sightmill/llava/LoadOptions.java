package io.sightmill.llava;

import java.io.Serializable;

/**
 * How much a checkpoint is trusted while it is loaded.
 *
 * @param checkWeights whether every weight that is loaded is read once more, and one that is NaN or
 *     infinite refused
 * @param followLinks whether files of the checkpoint may be symbolic links that lead out of its
 *     directory, as those of Hugging Face's cache are
 */
public record LoadOptions(boolean checkWeights, boolean followLinks) implements Serializable {

    private static final long serialVersionUID = 1L;

    /** Weights are not scanned, links out of the directory are refused. */
    public static LoadOptions defaults() {
        return new LoadOptions(false, false);
    }
}
