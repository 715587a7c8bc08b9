package io.sightmill.llava;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * What a decode step reads and writes of a pool. A unit is a page that is read: all pages of the
 * sequences in the order of their numbers, and between them single ones of others, so that
 * neighbours make few runs.
 *
 * @param runs first page and number of pages of each run of units
 * @param pages by unit: its page
 * @param owners by unit: the row of the batch that it belongs to, or 0 for what is read in passing
 * @param valid by unit: its first position that is attended to, and the one after the last
 * @param table by row: its units in the order of positions, filled to a common length with its
 *     first
 * @param spans by row: how many units it has
 */
record DecodePages(
        long[] runs, long[] pages, long[] owners, long[] valid, long[] table, long[] spans) {

    /** Tables are filled to multiples of it: {@code pages.py} says why. */
    private static final int FILLED = 16;

    /**
     * @param positions of the step's tokens, by row
     * @param window most positions that are attended to, the token's own included
     */
    static DecodePages of(List<KvCache> caches, int[] positions, int window) {
        int batch = positions.length;
        long[][] own = new long[batch][];
        for (int row = 0; row < batch; row++) {
            long[] pages = caches.get(row).pages(positions[row] + 1);
            own[row] = Arrays.copyOfRange(pages, first(positions[row], window), pages.length);
        }
        int[] units = units(own);
        DecodePages plan = empty(own, units);
        for (int row = 0; row < batch; row++) {
            plan.addRow(row, own[row], units, positions[row], window);
        }
        return plan;
    }

    private static int first(int position, int window) {
        return Math.max(0, position + 1 - window) / KvPool.PAGE;
    }

    /** The pages to read, ascending. */
    private static int[] units(long[][] own) {
        BitSet read = new BitSet();
        Arrays.stream(own).flatMapToLong(Arrays::stream).forEach(page -> read.set((int) page));
        for (int page = read.nextSetBit(0); page >= 0; page = read.nextSetBit(page + 1)) {
            if (read.get(page + 2)) {
                read.set(page + 1);
            }
        }
        return read.stream().toArray();
    }

    private static DecodePages empty(long[][] own, int[] units) {
        int longest = Arrays.stream(own).mapToInt(pages -> pages.length).max().orElseThrow();
        int filled = (longest + FILLED - 1) / FILLED * FILLED;
        long[] valid = new long[2 * units.length];
        for (int unit = 0; unit < units.length; unit++) {
            valid[2 * unit + 1] = KvPool.PAGE;
        }
        return new DecodePages(
                runs(units),
                Arrays.stream(units).asLongStream().toArray(),
                new long[units.length],
                valid,
                new long[own.length * filled],
                new long[own.length]);
    }

    private static long[] runs(int[] units) {
        long[] runs = new long[2 * units.length];
        int count = 0;
        for (int unit = 0; unit < units.length; unit++) {
            if (unit == 0 || units[unit] != units[unit - 1] + 1) {
                runs[2 * count++] = units[unit];
            }
            runs[2 * count - 1]++;
        }
        return Arrays.copyOf(runs, 2 * count);
    }

    private void addRow(int row, long[] own, int[] units, int position, int window) {
        int width = table.length / spans.length;
        spans[row] = own.length;
        for (int i = 0; i < width; i++) {
            table[row * width + i] = Arrays.binarySearch(units, (int) own[i < own.length ? i : 0]);
        }
        for (int i = 0; i < own.length; i++) {
            owners[(int) table[row * width + i]] = row;
        }
        int firstUnit = (int) table[row * width];
        int lastUnit = (int) table[row * width + own.length - 1];
        valid[2 * firstUnit] = Math.max(0, position + 1 - window) % KvPool.PAGE;
        valid[2 * lastUnit + 1] = position % KvPool.PAGE + 1;
    }
}
