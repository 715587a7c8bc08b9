package io.sightmill.schema.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import io.sightmill.schema.Embedding;
import io.sightmill.schema.Examples;
import io.sightmill.schema.Instruction;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificRecordBase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes from outside cost no more than an exception and memory in proportion to their length. */
class HostileBytesTest {

    private static final int HEADER_BYTES = 10;
    private static final long FEW_BYTES = 1 << 20;

    static List<SpecificRecordBase> records() {
        return Examples.all();
    }

    @ParameterizedTest
    @MethodSource("records")
    void survivesRandomBodies(SpecificRecordBase record) {
        RecordCodec<SpecificRecordBase> codec = codec(record);
        byte[] encoded = codec.encode(record);
        Random random = new Random(1);
        for (int trial = 0; trial < 5_000; trial++) {
            byte[] bytes = new byte[HEADER_BYTES + random.nextInt(200)];
            random.nextBytes(bytes);
            System.arraycopy(encoded, 0, bytes, 0, HEADER_BYTES);

            decodeOrRefuse(codec, bytes);
        }
    }

    @ParameterizedTest
    @MethodSource("records")
    void survivesFlippedBytes(SpecificRecordBase record) {
        RecordCodec<SpecificRecordBase> codec = codec(record);
        byte[] encoded = codec.encode(record);
        Random random = new Random(2);
        for (int trial = 0; trial < 5_000; trial++) {
            byte[] bytes = encoded.clone();
            for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }

            decodeOrRefuse(codec, bytes);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 1L << 20, 200 << 20, Integer.MAX_VALUE, Long.MAX_VALUE})
    void doesNotBelieveTheLengthOfAString(long length) throws IOException {
        byte[] bytes = instruction(body -> body.writeLong(length));

        assertRefusedCheaply(bytes, "bytes where 0 are left");
    }

    @ParameterizedTest
    @ValueSource(longs = {1L << 20, 200 << 20, Integer.MAX_VALUE, Long.MAX_VALUE})
    void doesNotBelieveTheSizeOfACollection(long count) throws IOException {
        byte[] bytes =
                instruction(
                        body -> {
                            body.writeString("name");
                            body.writeLong(count);
                        });

        assertRefusedCheaply(bytes, "a collection of " + count + " items");
    }

    @ParameterizedTest
    @ValueSource(longs = {-(1L << 20), Long.MIN_VALUE})
    void doesNotBelieveTheSizeOfACollectionInBlocks(long count) throws IOException {
        byte[] bytes =
                instruction(
                        body -> {
                            body.writeString("name");
                            body.writeLong(count);
                            body.writeLong(1);
                        });

        assertRefusedCheaply(bytes, "a collection of ");
    }

    @Test
    void limitsTheItemsOfAllCollectionsTogether() {
        RecordCodec<Embedding> codec = RecordCodec.of(Embedding.class);
        Embedding embedding = Examples.embedding();
        int others = embedding.getAttributes().size();
        embedding.setVector(Arrays.asList(floats(RecordCodec.MAX_COLLECTION_ITEMS - others)));
        byte[] fitting = codec.encode(embedding);
        embedding.setVector(Arrays.asList(floats(RecordCodec.MAX_COLLECTION_ITEMS - others + 1)));
        byte[] oneTooMany = codec.encode(embedding);

        assertThat(codec.decode(fitting).getVector())
                .hasSize(RecordCodec.MAX_COLLECTION_ITEMS - others);
        assertThatThrownBy(() -> codec.decode(oneTooMany))
                .isInstanceOf(UndecodableRecordException.class)
                .hasMessageContaining("items allowed");
    }

    private static Float[] floats(int count) {
        Float[] floats = new Float[count];
        Arrays.fill(floats, 1f);
        return floats;
    }

    private static void assertRefusedCheaply(byte[] bytes, String why) {
        RecordCodec<Instruction> codec = RecordCodec.of(Instruction.class);
        // The first time loads classes, which is not what is measured.
        assertThatThrownBy(() -> codec.decode(bytes))
                .isInstanceOf(UndecodableRecordException.class)
                .hasMessageContaining(why);
        long before = allocatedBytes();

        decodeOrRefuse(codec, bytes);

        assertThat(allocatedBytes() - before).isLessThan(FEW_BYTES);
    }

    private static long allocatedBytes() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        return threads.getThreadAllocatedBytes(Thread.currentThread().getId());
    }

    private static byte[] instruction(Body body) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(encode(Examples.instruction()), 0, HEADER_BYTES);
        BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
        body.write(encoder);
        encoder.flush();
        return bytes.toByteArray();
    }

    private static byte[] encode(SpecificRecordBase record) {
        return codec(record).encode(record);
    }

    private static void decodeOrRefuse(RecordCodec<?> codec, byte[] bytes) {
        try {
            codec.decode(bytes);
        } catch (UndecodableRecordException expected) {
            assertThat(expected.getMessage()).startsWith("cannot read a ");
        } catch (RuntimeException | Error other) {
            fail("bytes " + Arrays.toString(bytes), other);
        }
    }

    @SuppressWarnings("unchecked") // The codec is made for the very class of the record.
    private static RecordCodec<SpecificRecordBase> codec(SpecificRecordBase record) {
        return RecordCodec.of((Class<SpecificRecordBase>) record.getClass());
    }

    /** Writes what follows the header. */
    private interface Body {
        void write(BinaryEncoder encoder) throws IOException;
    }
}
