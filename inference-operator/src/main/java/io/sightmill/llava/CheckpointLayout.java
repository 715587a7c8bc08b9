package io.sightmill.llava;

import java.util.Locale;

/** Whose files a checkpoint's directory holds: names and habits differ, the arithmetic does not. */
public enum CheckpointLayout {
    /** config.json with {@code text_config} and {@code vision_config}. */
    HUGGING_FACE,
    /** The authors' own: the text model's keys at the root, and CLIP in a directory of its own. */
    AUTHORS;

    /** What a user calls it. */
    public String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** How this layout's code rounds the parts of tiles that show the image. */
    ImageLayout.Rounding rounding() {
        return this == AUTHORS
                ? ImageLayout.Rounding.TRUNCATED
                : ImageLayout.Rounding.REPAIRED_AND_TRUNCATED;
    }
}
