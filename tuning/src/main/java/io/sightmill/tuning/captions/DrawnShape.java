package io.sightmill.tuning.captions;

import java.util.Objects;

/** A shape in a picture. */
public record DrawnShape(Shape shape, Colour colour, Texture texture, Size size, Box box)
        implements Thing {

    public DrawnShape {
        Objects.requireNonNull(shape, "shape");
        Objects.requireNonNull(colour, "colour");
        Objects.requireNonNull(texture, "texture");
        Objects.requireNonNull(size, "size");
        Objects.requireNonNull(box, "box");
        if (Size.of(box).filter(size::equals).isEmpty()) {
            throw new IllegalArgumentException(
                    "a %s %s has box %s, which is not of that size"
                            .formatted(size.word(), shape.word(), box));
        }
    }

    @Override
    public String category() {
        String name = colour.word() + " " + shape.word();
        return texture == Texture.PLAIN ? name : texture.word() + " " + name;
    }
}
