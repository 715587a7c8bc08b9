package io.sightmill.tuning.evaluate;

/**
 * How often something was right.
 *
 * @param right of those asked
 */
public record Tally(long asked, long right) {

    public static final Tally NONE = new Tally(0, 0);

    public Tally {
        if (right < 0 || right > asked) {
            throw new IllegalArgumentException(
                    "right is %d and must be from 0 to asked, %d".formatted(right, asked));
        }
    }

    Tally plus(long moreAsked, long moreRight) {
        return new Tally(asked + moreAsked, right + moreRight);
    }

    public Tally plus(Tally other) {
        return plus(other.asked, other.right);
    }

    /** From 0 to 1; 0 where nothing was asked. */
    public double share() {
        return asked == 0 ? 0 : (double) right / asked;
    }
}
