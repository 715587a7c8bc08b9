package io.sightmill.llava;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A TIFF file's first image.
 *
 * <p>The decoder is given a directory that holds what decoding needs and no more, each tag once and
 * bounded, so that profiles, further images and nested directories are not looked at; and every
 * strip lies inside the file.
 */
final class TiffFile implements ImageFile {

    private static final int WIDTH = 256;
    private static final int HEIGHT = 257;
    private static final int BITS = 258;
    private static final int COMPRESSION = 259;
    private static final int STRIP_OFFSETS = 273;
    private static final int SAMPLES = 277;
    private static final int ROWS_PER_STRIP = 278;
    private static final int STRIP_LENGTHS = 279;
    private static final int PLANAR = 284;
    private static final int COLOR_MAP = 320;
    private static final int TILE_WIDTH = 322;
    private static final int TILE_HEIGHT = 323;
    private static final int TILE_OFFSETS = 324;
    private static final int TILE_LENGTHS = 325;
    private static final int JPEG_TABLES = 347;

    private static final int UNCOMPRESSED = 1;
    private static final int JPEG = 7;
    private static final Set<Long> COMPRESSIONS =
            Set.of(1L, 2L, 3L, 4L, 5L, 7L, 8L, 32_946L, 32_773L);

    private static final int FEW = 8;
    private static final int MANY = 1 << 20;
    private static final long LONGEST_SIDE = 1 << 16;

    /** What decoding needs, and how many values each may have. */
    private static final Map<Integer, Integer> MOST_VALUES =
            Map.ofEntries(
                    Map.entry(WIDTH, 1),
                    Map.entry(HEIGHT, 1),
                    Map.entry(BITS, FEW),
                    Map.entry(COMPRESSION, 1),
                    Map.entry(262, 1), // photometric interpretation
                    Map.entry(266, 1), // fill order
                    Map.entry(STRIP_OFFSETS, MANY),
                    Map.entry(SAMPLES, 1),
                    Map.entry(ROWS_PER_STRIP, 1),
                    Map.entry(STRIP_LENGTHS, MANY),
                    Map.entry(PLANAR, 1),
                    Map.entry(292, 1), // options of fax group 3
                    Map.entry(293, 1), // options of fax group 4
                    Map.entry(317, 1), // predictor
                    Map.entry(COLOR_MAP, 3 << 16),
                    Map.entry(TILE_WIDTH, 1),
                    Map.entry(TILE_HEIGHT, 1),
                    Map.entry(TILE_OFFSETS, MANY),
                    Map.entry(TILE_LENGTHS, MANY),
                    Map.entry(334, 1), // number of inks
                    Map.entry(338, FEW), // extra samples
                    Map.entry(339, FEW), // sample format
                    Map.entry(JPEG_TABLES, 1 << 16),
                    Map.entry(529, FEW), // luminance coefficients
                    Map.entry(530, FEW), // chroma subsampling
                    Map.entry(531, 1), // chroma positions
                    Map.entry(532, FEW)); // black and white reference

    private final byte[] file;
    private final TiffDirectory directory;
    private final int width;
    private final int height;
    private final int bits;
    private final int samples;

    TiffFile(byte[] file) throws IOException {
        this.file = file;
        this.directory = TiffDirectory.first(file);
        this.width = (int) bounded("width", WIDTH, Integer.MAX_VALUE);
        this.height = (int) bounded("height", HEIGHT, Integer.MAX_VALUE);
        this.bits = (int) directory.number(BITS, 1);
        this.samples = (int) directory.number(SAMPLES, 1);
        if (bits < 1 || bits > 16 || samples < 1 || samples > FEW) {
            throw new IOException(
                    "has %d samples of %d bits a pixel; up to %d of up to 16 are read"
                            .formatted(samples, bits, FEW));
        }
    }

    @Override
    public int width() {
        return width;
    }

    @Override
    public int height() {
        return height;
    }

    @Override
    public int bitsPerPixel() {
        return samples * bits;
    }

    @Override
    public Orientation orientation() {
        try {
            return directory.orientation();
        } catch (IOException e) {
            return Orientation.TOP_LEFT;
        }
    }

    @Override
    public RgbRows decode(ImageReading reading) throws IOException {
        requireWhole();
        BufferedImage image = ImageFormat.TIFF.read(directory.with(kept()));
        boolean isInks = image.getColorModel().getColorSpace().getType() == ColorSpace.TYPE_CMYK;
        return isInks
                ? new InkRows(image.getRaster(), InkRows.Storage.INKS)
                : new RasterRows(image, reading.scalesDeepGrey());
    }

    private List<TiffDirectory.Entry> kept() throws IOException {
        List<TiffDirectory.Entry> kept = new ArrayList<>();
        for (int tag : MOST_VALUES.keySet().stream().sorted().toList()) {
            Optional<TiffDirectory.Entry> entry = directory.entry(tag);
            if (entry.isPresent()) {
                if (entry.get().count() > MOST_VALUES.get(tag)) {
                    throw new IOException(
                            "has %d values in tag %d".formatted(entry.get().count(), tag));
                }
                kept.add(entry.get());
            }
        }
        return kept;
    }

    /** Every strip or tile is there, inside the file, and no larger than what it stands for. */
    private void requireWhole() throws IOException {
        long compression = directory.number(COMPRESSION, UNCOMPRESSED);
        if (!COMPRESSIONS.contains(compression)) {
            throw new IOException("has compression " + compression + ", which is not read");
        }
        boolean isTiled = directory.entry(TILE_OFFSETS).isPresent();
        long partWidth = isTiled ? bounded("tile width", TILE_WIDTH, LONGEST_SIDE) : width;
        long partHeight =
                isTiled
                        ? bounded("tile height", TILE_HEIGHT, LONGEST_SIDE)
                        : Math.min(height, Math.max(1, directory.number(ROWS_PER_STRIP, height)));
        long parts = parts(width, partWidth) * parts(height, partHeight);
        long planes = directory.number(PLANAR, 1) == 2 ? samples : 1;
        List<byte[]> contents =
                contents(
                        isTiled ? TILE_OFFSETS : STRIP_OFFSETS,
                        isTiled ? TILE_LENGTHS : STRIP_LENGTHS,
                        parts * planes,
                        compression == JPEG);
        for (byte[] content : contents) {
            JpegSegments jpeg = JpegSegments.read(content);
            if (jpeg.width() > partWidth || jpeg.height() > partHeight) {
                throw new IOException(
                        "has %d x %d pixels in a part of %d x %d"
                                .formatted(jpeg.width(), jpeg.height(), partWidth, partHeight));
            }
        }
    }

    /** Requires that all parts lie inside the file, and gives their bytes where they matter. */
    private List<byte[]> contents(int offsetsTag, int lengthsTag, long parts, boolean copies)
            throws IOException {
        TiffDirectory.Entry offsets = required(offsetsTag);
        TiffDirectory.Entry lengths = required(lengthsTag);
        if (parts > offsets.count() || parts > lengths.count()) {
            throw new IOException(
                    "has %d places and %d lengths for %d parts"
                            .formatted(offsets.count(), lengths.count(), parts));
        }
        List<byte[]> contents = new ArrayList<>();
        long copied = 0;
        for (int part = 0; part < parts; part++) {
            long offset = directory.number(offsets, part);
            long length = directory.number(lengths, part);
            if (length < 1 || offset + length > file.length) {
                throw new IOException(
                        "has part %d at byte %d with %d bytes, and ends at %d"
                                .formatted(part, offset, length, file.length));
            }
            copied += length;
            if (copies && copied > 2L * file.length) {
                throw new IOException("has parts that lie on one another");
            }
            if (copies) {
                contents.add(Arrays.copyOfRange(file, (int) offset, (int) (offset + length)));
            }
        }
        return contents;
    }

    private TiffDirectory.Entry required(int tag) throws IOException {
        return directory.entry(tag).orElseThrow(() -> new IOException("has no whole tag " + tag));
    }

    private long bounded(String name, int tag, long most) throws IOException {
        long value = directory.number(required(tag), 0);
        if (value < 1 || value > most) {
            throw new IOException("has a %s of %d pixels".formatted(name, value));
        }
        return value;
    }

    private static long parts(long whole, long part) {
        return (whole + part - 1) / part;
    }
}
