package io.sightmill.llava;

import com.sun.jna.NativeLibrary;
import com.sun.jna.Structure;
import java.util.OptionalLong;

/**
 * How much the C library's allocator has given out and not taken back: tensors, and whatever else
 * native code holds. Unlike the memory of the process it does not change with the Java heap.
 * Source: mallinfo(3).
 */
final class NativeHeap {

    private NativeHeap() {}

    /** What {@code mallinfo2} returns, in the C library's order. */
    @Structure.FieldOrder({
        "arena",
        "ordblks",
        "smblks",
        "hblks",
        "hblkhd",
        "usmblks",
        "fsmblks",
        "uordblks",
        "fordblks",
        "keepcost"
    })
    public static final class Mallinfo extends Structure implements Structure.ByValue {
        public long arena;
        public long ordblks;
        public long smblks;
        public long hblks;

        /** Bytes of blocks that are mapped by themselves. */
        public long hblkhd;

        public long usmblks;
        public long fsmblks;

        /** Bytes of the other blocks that are in use. */
        public long uordblks;

        public long fordblks;
        public long keepcost;
    }

    /** Bytes in use now; empty where the C library does not tell. */
    static OptionalLong bytes() {
        try {
            Mallinfo info =
                    (Mallinfo)
                            NativeLibrary.getInstance("c")
                                    .getFunction("mallinfo2")
                                    .invoke(Mallinfo.class, new Object[0]);
            return OptionalLong.of(info.uordblks + info.hblkhd);
        } catch (LinkageError e) {
            return OptionalLong.empty();
        }
    }
}
