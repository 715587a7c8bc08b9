package io.sightmill.llava;

import java.util.zip.CRC32;

/**
 * Walks the parts of an image file without decoding it and says what is wrong with them.
 *
 * <p>Decoders paint the missing half of a cut file grey and at most warn; an answer about a grey
 * half is worse than none.
 */
final class ImageContainer {

    /** A progressive file of a few kilobytes could ask for thousands of passes over its pixels. */
    private static final int MOST_JPEG_SCANS = 200;

    private static final int END_OF_IMAGE = 0xD9;
    private static final int START_OF_SCAN = 0xDA;

    private static final int VP8_LOSSY = 0x56503820;
    private static final int VP8_LOSSLESS = 0x5650384C;
    private static final int ANIMATION_FRAME = 0x414E4D46;

    private final byte[] file;

    private ImageContainer(byte[] file) {
        this.file = file;
    }

    /**
     * What is wrong, in words that follow "the image"; null if the container is whole.
     *
     * @param width as the reader takes it from the header, in pixels
     * @param height likewise
     */
    static String findFault(ImageFormat format, byte[] file, int width, int height) {
        ImageContainer container = new ImageContainer(file);
        return switch (format) {
            case JPEG -> container.jpegFault();
            case PNG -> container.pngFault();
            case WEBP -> container.webpFault(width, height);
            // Their readers fail on a cut file by themselves.
            case BMP, GIF -> null;
        };
    }

    private String jpegFault() {
        int at = 2;
        int scans = 0;
        while (at + 1 < file.length) {
            int marker = file[at + 1] & 0xFF;
            if ((file[at] & 0xFF) != 0xFF
                    || marker == 0x00
                    || marker == 0xFF
                    || isRestart(marker)) {
                // Entropy-coded data, its stuffed bytes, fill bytes and restart markers.
                at += marker == 0xFF ? 1 : (file[at] & 0xFF) == 0xFF ? 2 : 1;
                continue;
            }
            if (marker == END_OF_IMAGE) {
                return null;
            }
            if (marker == START_OF_SCAN && ++scans > MOST_JPEG_SCANS) {
                return "has more than " + MOST_JPEG_SCANS + " scans";
            }
            if (at + 3 >= file.length) {
                break;
            }
            at += 2 + Math.max(2, (file[at + 2] & 0xFF) << 8 | file[at + 3] & 0xFF);
        }
        return "ends before its end marker, after " + file.length + " bytes";
    }

    private static boolean isRestart(int marker) {
        return marker >= 0xD0 && marker <= 0xD7;
    }

    private String pngFault() {
        int at = 8;
        while (at + 12L <= file.length) {
            long length = bigEndian(at);
            if (at + 12 + length > file.length) {
                break;
            }
            boolean isCritical = (file[at + 4] & 0x20) == 0;
            if (isCritical && crc(at + 4, (int) length + 4) != bigEndian(at + 8 + (int) length)) {
                return "has a wrong checksum in the chunk at byte " + at;
            }
            if (bigEndian(at + 4) == 0x49454E44) {
                return null;
            }
            at += 12 + (int) length;
        }
        return "ends before its end chunk, after " + file.length + " bytes";
    }

    /** A frame larger than the canvas would be decoded at a size that nobody has checked. */
    private String webpFault(int width, int height) {
        long stated = 8 + littleEndian(4);
        if (stated > file.length) {
            return "states %d bytes and has %d".formatted(stated, file.length);
        }
        long at = 12;
        while (at + 18 <= file.length) {
            int chunk = (int) at;
            long name = bigEndian(chunk);
            int frameWidth = 0;
            int frameHeight = 0;
            if (name == VP8_LOSSY) {
                frameWidth = (int) littleEndian(chunk + 14) & 0x3FFF;
                frameHeight = (int) (littleEndian(chunk + 14) >> 16) & 0x3FFF;
            } else if (name == VP8_LOSSLESS) {
                frameWidth = 1 + ((int) littleEndian(chunk + 9) & 0x3FFF);
                frameHeight = 1 + ((int) (littleEndian(chunk + 9) >> 14) & 0x3FFF);
            }
            if (frameWidth > width || frameHeight > height) {
                return "has a frame of %d x %d pixels on a canvas of %d x %d"
                        .formatted(frameWidth, frameHeight, width, height);
            }
            // An animation's frame holds its chunks after 16 bytes of its own.
            long length = littleEndian(chunk + 4);
            at += name == ANIMATION_FRAME ? 24 : 8 + length + (length & 1);
        }
        return null;
    }

    private long crc(int offset, int length) {
        CRC32 crc = new CRC32();
        crc.update(file, offset, length);
        return crc.getValue();
    }

    private long bigEndian(int at) {
        return (file[at] & 0xFFL) << 24
                | (file[at + 1] & 0xFFL) << 16
                | (file[at + 2] & 0xFFL) << 8
                | file[at + 3] & 0xFFL;
    }

    private long littleEndian(int at) {
        return Integer.toUnsignedLong(Integer.reverseBytes((int) bigEndian(at)));
    }
}
