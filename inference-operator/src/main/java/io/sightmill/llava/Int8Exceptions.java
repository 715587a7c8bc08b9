package io.sightmill.llava;

import java.util.Set;

/** The layers that {@link Precision#INT8} keeps in bfloat16. */
final class Int8Exceptions {

    private static final Set<LinearLayer> KEPT =
            Set.of(LinearLayer.VISION_PATCHES, LinearLayer.PROJECTOR, LinearLayer.TEXT_HEAD);

    private Int8Exceptions() {}

    static boolean keep(LinearLayer layer) {
        return KEPT.contains(layer);
    }
}
