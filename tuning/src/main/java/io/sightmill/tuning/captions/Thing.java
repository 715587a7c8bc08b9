package io.sightmill.tuning.captions;

/** Something in a picture that a box frames. */
public sealed interface Thing permits DrawnShape, WrittenText {

    Colour colour();

    Box box();

    /** What the box is labelled with: all of it but its size and place. */
    String category();
}
