package io.sightmill.engine;

/** Why a request cannot be answered; names match the schema's reasons. */
public enum Reason {
    INVALID_TASK,
    IMAGE_SOURCE,
    EMPTY_IMAGE,
    IMAGE_UNAVAILABLE,
    SOURCE_NOT_ALLOWED,
    UNSUPPORTED_FORMAT,
    CORRUPT_IMAGE,
    TOO_LARGE,
    TOO_MANY_PIXELS,
    CHECKSUM_MISMATCH,
    PROMPT_TOO_LONG,
    MODEL_FAILURE
}
