package io.sightmill.tuning.scenes;

import java.util.List;

/** The words that scenes show: short enough to be read at 64 pixels. */
final class ShortWords {

    static final List<String> ALL =
            List.of(
                    "GO", "UP", "NO", "ON", "IN", "TAXI", "STOP", "OPEN", "EXIT", "SALE", "CAT",
                    "DOG", "SUN", "BUS", "TEA", "ICE", "HOT", "ZOO", "BOX", "KEY", "MAP", "JAM",
                    "FOX", "OWL");

    private ShortWords() {}
}
