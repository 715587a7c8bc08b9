package io.sightmill.llava;

import io.sightmill.engine.ModelLoadException;
import java.io.Serializable;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How much a checkpoint is trusted while it is loaded, and where its vision tower is.
 *
 * @param checkWeights whether every weight that is loaded is read once more, and one that is NaN or
 *     infinite refused
 * @param followLinks whether files of the checkpoint may be symbolic links that lead out of its
 *     directory, as those of Hugging Face's cache are
 * @param visionTower directory of the CLIP checkpoint that one of the authors' layout needs; null
 *     to look for the one that config.json names inside the checkpoint and beside it
 */
public record LoadOptions(boolean checkWeights, boolean followLinks, String visionTower)
        implements Serializable {

    private static final long serialVersionUID = 2L;

    public LoadOptions {
        if (visionTower != null && visionTower.isBlank()) {
            throw new IllegalArgumentException(
                    "vision-tower is '" + visionTower + "' and must be a directory");
        }
    }

    public LoadOptions(boolean checkWeights, boolean followLinks) {
        this(checkWeights, followLinks, null);
    }

    /** Weights are not scanned, links out of the directory are refused. */
    public static LoadOptions defaults() {
        return new LoadOptions(false, false);
    }

    /**
     * The vision tower's directory, if one is given.
     *
     * @throws ModelLoadException if it is no path
     */
    Optional<Path> visionTowerPath() {
        try {
            return Optional.ofNullable(visionTower).map(Path::of);
        } catch (InvalidPathException e) {
            throw new ModelLoadException("vision-tower is no path: " + e.getMessage(), e);
        }
    }
}
