package io.sightmill.llava;

/**
 * An image of any size whose pixels follow from where they are, so that the reference can be shown
 * the same one without a file: a hash of column, row and channel, in 32 bits.
 */
record HashedPixels(int width, int height) implements RgbRows {

    @Override
    public void read(int row, int[] rgb) {
        for (int column = 0; column < width; column++) {
            for (int channel = 0; channel < 3; channel++) {
                rgb[column * 3 + channel] = value(column, row, channel);
            }
        }
    }

    static int value(int column, int row, int channel) {
        int hash = column * 0x9E3779B1 ^ row * 0x85EBCA77 ^ channel * 0xC2B2AE3D;
        hash = (hash ^ hash >>> 15) * 0x2C1B3C6D;
        hash = (hash ^ hash >>> 12) * 0x297A2D39;
        return (hash ^ hash >>> 15) & 0xFF;
    }
}
