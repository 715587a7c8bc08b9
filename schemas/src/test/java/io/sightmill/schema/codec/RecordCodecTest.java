package io.sightmill.schema.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightmill.schema.Answer;
import io.sightmill.schema.Examples;
import io.sightmill.schema.VisionRequest;
import java.util.Arrays;
import java.util.List;
import org.apache.avro.specific.SpecificRecordBase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A record comes back as it went in, and bytes that are none say so. */
class RecordCodecTest {

    private final RecordCodec<VisionRequest> codec = RecordCodec.of(VisionRequest.class);
    private final byte[] encoded = codec.encode(Examples.request());

    static List<SpecificRecordBase> records() {
        return Examples.all();
    }

    @ParameterizedTest
    @MethodSource("records")
    void givesBackEveryRecord(SpecificRecordBase record) {
        assertThat(roundTrip(record)).isEqualTo(record).isNotSameAs(record);
    }

    @ParameterizedTest
    @MethodSource("records")
    void isTriedWithEveryFieldSet(SpecificRecordBase record) {
        assertThat(record.getSchema().getFields())
                .allSatisfy(
                        field -> {
                            Object value = record.get(field.pos());
                            assertThat(value).as(field.name()).isNotNull();
                            assertThat(value.toString()).isNotIn("[]", "{}", "", "0", "false");
                        });
    }

    @Test
    void writesTheMarkerOfTheSingleObjectEncoding() {
        assertThat(encoded).startsWith(0xC3, 0x01);
    }

    @Test
    void refusesNoBytes() {
        assertThatThrownBy(() -> codec.decode(null))
                .isInstanceOf(UndecodableRecordException.class)
                .hasMessage("no bytes where a VisionRequest is expected");
        assertThatThrownBy(() -> codec.decode(new byte[0]))
                .isInstanceOf(UndecodableRecordException.class);
    }

    @Test
    void refusesBytesWithoutTheHeader() {
        assertThatThrownBy(() -> codec.decode("{\"requestId\": \"a\"}".getBytes()))
                .isInstanceOf(UndecodableRecordException.class)
                .hasMessageContaining("lacks the header");
    }

    @Test
    void refusesAFingerprintItDoesNotKnow() {
        byte[] answer = RecordCodec.of(Answer.class).encode(Examples.answer());

        assertThatThrownBy(() -> codec.decode(answer))
                .isInstanceOf(UndecodableRecordException.class)
                .hasMessageContaining("fingerprint")
                .hasMessageContaining("is unknown here");
    }

    @Test
    void refusesARecordCutOffAnywhere() {
        for (int length = 0; length < encoded.length; length++) {
            byte[] cut = Arrays.copyOf(encoded, length);

            assertThatThrownBy(() -> codec.decode(cut))
                    .as("%d of %d bytes", length, encoded.length)
                    .isInstanceOf(UndecodableRecordException.class);
        }
    }

    @Test
    void refusesBytesAfterTheRecord() {
        byte[] longer = Arrays.copyOf(encoded, encoded.length + 3);

        assertThatThrownBy(() -> codec.decode(longer))
                .isInstanceOf(UndecodableRecordException.class)
                .hasMessageContaining("3 bytes follow its end");
    }

    @SuppressWarnings("unchecked") // The codec is made for the very class of the record.
    private static <T extends SpecificRecordBase> T roundTrip(T record) {
        RecordCodec<T> codec = RecordCodec.of((Class<T>) record.getClass());
        return codec.decode(codec.encode(record));
    }
}
