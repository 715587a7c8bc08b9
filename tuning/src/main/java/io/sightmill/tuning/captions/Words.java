package io.sightmill.tuning.captions;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Constants as captions spell them. */
final class Words {

    private Words() {}

    static String of(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    static <E extends Enum<E>> Optional<E> find(E[] constants, String word) {
        return Arrays.stream(constants).filter(constant -> of(constant).equals(word)).findFirst();
    }
}
