package io.sightmill.tuning.evaluate;

/**
 * A reply, to be looked at.
 *
 * @param scene the seed it was drawn from
 * @param skill what was asked for, or caption
 * @param isBlackedOut whether the picture was black
 * @param isRight of a caption, whether it names every thing and no other
 */
public record Reply(
        String scene,
        String skill,
        String question,
        String answer,
        String text,
        boolean isBlackedOut,
        boolean isRight) {}
