package io.sightmill.llava;

import java.io.IOException;

/**
 * An image file whose header has been read and whose pixels have not.
 *
 * <p>Everything thrown from here is about bytes from outside: an {@link IOException} in words that
 * follow "the image", or whatever a decoder throws on bytes made to break it.
 */
interface ImageFile {

    /** In pixels, as decode gives them; before any turn. */
    int width();

    /** In pixels. */
    int height();

    /** What a pixel takes while it is decoded. */
    int bitsPerPixel();

    /** How the picture was held, as the file says; known once it is decoded. */
    default Orientation orientation() {
        return Orientation.TOP_LEFT;
    }

    /**
     * Reads the pixels as they are stored, not turned.
     *
     * @param reading says what becomes of grey of 16 bits
     * @throws IOException if the file is not whole
     */
    RgbRows decode(ImageReading reading) throws IOException;
}
