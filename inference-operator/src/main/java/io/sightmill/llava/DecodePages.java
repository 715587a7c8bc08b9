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
 * @param table by row: its units in the order of positions, filled to a common length with its
 *     first
 * @param order by unit: its place in the table, or 0 for what is read in passing
 * @param begins by row: the first position that is attended to, counted from its first page on
 * @param ends by row: the same of the position after the last
 */
record DecodePages(
        long[] runs, long[] pages, long[] table, long[] order, long[] begins, long[] ends) {

    /**
     * @param positions of the step's tokens, by row
     * @param window most positions that are attended to, the token's own included
     */
    static DecodePages of(List<KvCache> caches, int[] positions, int window) {
        int batch = positions.length;
        long[][] own = new long[batch][];
        long[] begins = new long[batch];
        long[] ends = new long[batch];
        for (int row = 0; row < batch; row++) {
            int end = positions[row] + 1;
            int begin = Math.max(0, end - window);
            int first = begin / KvPool.PAGE;
            long[] pages = caches.get(row).pages(end);
            own[row] = Arrays.copyOfRange(pages, first, pages.length);
            begins[row] = begin - first * KvPool.PAGE;
            ends[row] = end - first * KvPool.PAGE;
        }
        int[] units = units(own);
        long[] table = table(own, units);
        return new DecodePages(
                runs(units),
                Arrays.stream(units).asLongStream().toArray(),
                table,
                order(own, units, table),
                begins,
                ends);
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

    private static long[] table(long[][] own, int[] units) {
        int longest = Arrays.stream(own).mapToInt(pages -> pages.length).max().orElseThrow();
        long[] table = new long[own.length * longest];
        for (int place = 0; place < table.length; place++) {
            long[] pages = own[place / longest];
            int index = place % longest < pages.length ? place % longest : 0;
            table[place] = Arrays.binarySearch(units, (int) pages[index]);
        }
        return table;
    }

    private static long[] order(long[][] own, int[] units, long[] table) {
        int longest = table.length / own.length;
        long[] order = new long[units.length];
        for (int row = 0; row < own.length; row++) {
            for (int i = 0; i < own[row].length; i++) {
                int place = row * longest + i;
                order[(int) table[place]] = place;
            }
        }
        return order;
    }
}
