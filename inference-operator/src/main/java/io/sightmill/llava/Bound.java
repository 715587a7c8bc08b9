package io.sightmill.llava;

/** Bounds of configuration values: a checkpoint's numbers decide how much memory is asked for. */
final class Bound {

    private Bound() {}

    /**
     * @throws IllegalArgumentException naming key and value if the value is outside
     */
    static void require(String key, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    "%s is %d and must be from %d to %d".formatted(key, value, least, most));
        }
    }

    /**
     * @throws IllegalArgumentException naming key and value if the value is not above 0 and finite
     */
    static void requirePositive(String key, double value) {
        if (!(value > 0) || Double.isInfinite(value)) {
            throw new IllegalArgumentException(key + " is " + value + " and must be above 0");
        }
    }

    /**
     * @throws IllegalArgumentException naming key and value if the value is no multiple
     */
    static void requireMultiple(String key, int value, String divisorKey, int divisor) {
        if (value % divisor != 0) {
            throw new IllegalArgumentException(
                    "%s is %d and must be a multiple of %s, %d"
                            .formatted(key, value, divisorKey, divisor));
        }
    }
}
