package io.sightmill.tuning.evaluate;

import io.sightmill.tuning.scenes.SceneOptions;

/**
 * What a model is asked.
 *
 * @param scenes how many, at least 1
 * @param seed which ones; whatever it is, none that can be trained with
 * @param size pixels of a picture's side
 */
public record EvaluationOptions(long scenes, long seed, int size, SceneOptions kind) {

    public EvaluationOptions {
        if (scenes < 1) {
            throw new IllegalArgumentException("scenes is " + scenes + " and must be at least 1");
        }
    }
}
