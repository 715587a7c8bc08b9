package io.sightmill.engine;

/** The preprocess stage: image files and dialogues in, pixels and prompts out. Thread-safe. */
public interface RequestPreprocessor {

    /**
     * @throws RequestRejectedException if an image cannot be decoded or the prompt does not fit the
     *     model
     */
    PreparedRequest preprocess(RequestInput request) throws RequestRejectedException;
}
