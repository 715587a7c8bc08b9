package io.sightmill.llava;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * A JPEG file in its segments (ITU-T T.81, annex B).
 *
 * <p>A decoder is given what it needs and no more: colour profiles, thumbnails and comments are
 * left out, and one Adobe segment says how the colours are stored, decided as the reference's
 * decoder decides it. So nothing that is only metadata can cost anything or change a pixel.
 */
final class JpegSegments {

    /** How the samples of a pixel are stored. */
    enum Colors {
        GREY,
        RGB,
        LUMINANCE_CHROMINANCE,
        INKS,
        /** Cyan, magenta and yellow as luminance and chrominance, black as it is. */
        LUMINANCE_CHROMINANCE_BLACK
    }

    /** A progressive file of a few kilobytes could ask for thousands of passes over its pixels. */
    private static final int MOST_SCANS = 200;

    private static final int START = 0xD8;
    private static final int END = 0xD9;
    private static final int START_OF_SCAN = 0xDA;
    private static final int COMMENT = 0xFE;
    private static final int FIRST_APPLICATION = 0xE0;
    private static final int EXIF_SEGMENT = 0xE1;
    private static final int ADOBE_SEGMENT = 0xEE;
    private static final byte[] JFIF = "JFIF\0".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] EXIF = "Exif\0\0".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ADOBE = "Adobe".getBytes(StandardCharsets.US_ASCII);

    private final byte[] file;
    private final ByteArrayOutputStream kept;
    private byte[] frame;
    private byte[] exif;
    private boolean isJfif;
    private int adobeTransform = -1;
    private int scans;

    private JpegSegments(byte[] file) {
        this.file = file;
        this.kept = new ByteArrayOutputStream(file.length + 18);
    }

    /**
     * @throws IOException in words that follow "the image" if the file ends too early, has too many
     *     scans or is coded in a way that is not read
     */
    static JpegSegments read(byte[] file) throws IOException {
        JpegSegments segments = new JpegSegments(file);
        segments.walk();
        if (segments.frame == null) {
            throw new IOException("has no frame header");
        }
        return segments;
    }

    int width() {
        return bigEndian(frame, 3);
    }

    int height() {
        return bigEndian(frame, 1);
    }

    /** The Exif block, from its byte order mark on. */
    Optional<byte[]> exif() {
        return Optional.ofNullable(exif);
    }

    /** As libjpeg guesses it: JFIF first, then Adobe, then the names of the components. */
    Colors colors() throws IOException {
        return switch (components()) {
            case 1 -> Colors.GREY;
            case 3 -> isRgb() ? Colors.RGB : Colors.LUMINANCE_CHROMINANCE;
            case 4 -> adobeTransform > 0 ? Colors.LUMINANCE_CHROMINANCE_BLACK : Colors.INKS;
            default -> throw new IOException("has " + components() + " components a pixel");
        };
    }

    /** The file without what decoding does not need. */
    byte[] stripped() throws IOException {
        int transform =
                switch (colors()) {
                    case GREY, RGB, INKS -> 0;
                    case LUMINANCE_CHROMINANCE -> 1;
                    case LUMINANCE_CHROMINANCE_BLACK -> 2;
                };
        ByteArrayOutputStream out = new ByteArrayOutputStream(kept.size() + 18);
        out.write(0xFF);
        out.write(START);
        if (components() > 1) {
            out.write(new byte[] {(byte) 0xFF, (byte) ADOBE_SEGMENT, 0, 14});
            out.write(ADOBE);
            out.write(new byte[] {0, 100, 0, 0, 0, 0, (byte) transform});
        }
        kept.writeTo(out);
        return out.toByteArray();
    }

    private void walk() throws IOException {
        int at = 2;
        while (at + 1 < file.length) {
            int marker = file[at + 1] & 0xFF;
            if ((file[at] & 0xFF) != 0xFF || isInsideScan(marker)) {
                // Entropy-coded data, its stuffed bytes, fill bytes and restart markers.
                int length = (file[at] & 0xFF) != 0xFF || marker == 0xFF ? 1 : 2;
                kept.write(file, at, length);
                at += length;
                continue;
            }
            if (marker == END) {
                kept.write(file, at, 2);
                return;
            }
            if (at + 3 >= file.length) {
                break;
            }
            int end = at + 2 + Math.max(2, bigEndian(file, at + 2));
            if (end > file.length) {
                break;
            }
            segment(marker, at, end);
            at = end;
        }
        throw new IOException("ends before its end marker, after " + file.length + " bytes");
    }

    private void segment(int marker, int at, int end) throws IOException {
        if (marker >= FIRST_APPLICATION && marker < FIRST_APPLICATION + 16) {
            application(marker, Arrays.copyOfRange(file, at + 4, end));
            return;
        }
        if (marker == COMMENT) {
            return;
        }
        if (marker == START_OF_SCAN && ++scans > MOST_SCANS) {
            throw new IOException("has more than " + MOST_SCANS + " scans");
        }
        if (isFrame(marker)) {
            frame(marker, Arrays.copyOfRange(file, at + 4, end));
        }
        kept.write(file, at, end - at);
    }

    private void application(int marker, byte[] content) {
        if (marker == FIRST_APPLICATION && startsWith(content, JFIF) && content.length >= 12) {
            isJfif = true;
        } else if (marker == EXIF_SEGMENT && exif == null && startsWith(content, EXIF)) {
            exif = Arrays.copyOfRange(content, EXIF.length, content.length);
        } else if (marker == ADOBE_SEGMENT && startsWith(content, ADOBE) && content.length >= 12) {
            adobeTransform = content[11] & 0xFF;
        }
    }

    private void frame(int marker, byte[] content) throws IOException {
        if (frame != null) {
            throw new IOException("has two frames");
        }
        if (marker > 0xC2 || content.length < 6 || content[0] != 8) {
            throw new IOException(
                    "is coded in a way that is not read: only baseline, extended and progressive"
                            + " with 8 bits are");
        }
        if (content.length < 6 + 3 * (content[5] & 0xFF)) {
            throw new IOException("has a frame header that is too short");
        }
        frame = content;
    }

    private int components() {
        return frame[5] & 0xFF;
    }

    private boolean isRgb() {
        if (isJfif) {
            return false;
        }
        if (adobeTransform >= 0) {
            return adobeTransform == 0;
        }
        return frame[6] == 'R' && frame[9] == 'G' && frame[12] == 'B';
    }

    private static boolean isInsideScan(int marker) {
        return marker == 0x00 || marker == 0xFF || marker >= 0xD0 && marker <= 0xD7;
    }

    /** Frame headers but for the three of their numbers that mean tables or nothing. */
    private static boolean isFrame(int marker) {
        return marker >= 0xC0
                && marker <= 0xCF
                && marker != 0xC4
                && marker != 0xC8
                && marker != 0xCC;
    }

    private static boolean startsWith(byte[] content, byte[] start) {
        return content.length >= start.length
                && Arrays.equals(content, 0, start.length, start, 0, start.length);
    }

    private static int bigEndian(byte[] bytes, int at) {
        return (bytes[at] & 0xFF) << 8 | bytes[at + 1] & 0xFF;
    }
}
