package io.sightmill.llava;

/** The kinds of linear layers, as far as the precision of their weights may differ. */
enum LinearLayer {
    VISION_PATCHES,
    VISION_ATTENTION,
    VISION_FEED_FORWARD,
    PROJECTOR,
    TEXT_ATTENTION,
    TEXT_GATE_UP,
    TEXT_DOWN,
    TEXT_HEAD
}
