package io.sightmill.llava;

import java.util.List;

/**
 * One of the sizes that a LLaVA-NeXT checkpoint lays images out on, an entry of {@code
 * image_grid_pinpoints}.
 *
 * @param height in pixels
 * @param width in pixels
 */
public record Resolution(int height, int width) {

    /** What {@code image_grid_pinpoints} is where a checkpoint leaves it out. */
    static final List<Resolution> DEFAULTS =
            List.of(
                    new Resolution(336, 672),
                    new Resolution(672, 336),
                    new Resolution(672, 672),
                    new Resolution(1008, 336),
                    new Resolution(336, 1008));

    public Resolution {
        Bound.require("image_grid_pinpoints height", height, 1, 16_384);
        Bound.require("image_grid_pinpoints width", width, 1, 16_384);
    }

    long pixels() {
        return (long) height * width;
    }
}
