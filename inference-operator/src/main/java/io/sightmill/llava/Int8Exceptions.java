package io.sightmill.llava;

import java.util.EnumMap;
import java.util.Map;

/**
 * The layers that {@link Precision#INT8} keeps in bfloat16, and why.
 *
 * <p>The bound is twice bfloat16's error on logits. The decoder's layers, nine tenths of a 7B
 * model, take most of it; what is left out here takes little memory.
 */
final class Int8Exceptions {

    private static final String BEFORE_ALL_LAYERS =
            "its error passes through every layer of the decoder, for a twentieth of the memory";

    private static final Map<LinearLayer, String> REASONS =
            new EnumMap<>(
                    Map.of(
                            LinearLayer.VISION_PATCHES, BEFORE_ALL_LAYERS,
                            LinearLayer.VISION_ATTENTION, BEFORE_ALL_LAYERS,
                            LinearLayer.VISION_FEED_FORWARD, BEFORE_ALL_LAYERS,
                            LinearLayer.PROJECTOR, BEFORE_ALL_LAYERS,
                            LinearLayer.TEXT_HEAD,
                                    "its error is the logits' own, nothing evens it"));

    private Int8Exceptions() {}

    static boolean keep(LinearLayer layer) {
        return REASONS.containsKey(layer);
    }

    /**
     * The form of a decoder's layer where the others have the given one. Activations of one 8-bit
     * half are enough behind a norm and behind attention. What enters the down projection is a
     * product of two activations, with a few values far louder than the rest: it keeps both halves.
     */
    static LinearForm form(LinearLayer layer, LinearForm form) {
        boolean isSingle = layer == LinearLayer.TEXT_GATE_UP;
        return form == LinearForm.INT8 && isSingle ? LinearForm.SINGLE_INT8 : form;
    }

    /** By layer, for the log. */
    static Map<LinearLayer, String> reasons() {
        return Map.copyOf(REASONS);
    }
}
