package io.sightmill.schema.codec;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.message.BadHeaderException;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.avro.message.MissingSchemaException;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecordBase;

/**
 * Records as bytes in Avro's single-object encoding (Avro specification, section "Single-object
 * encoding"): two marker bytes, the eight-byte fingerprint of the writer's schema, the body.
 *
 * <p>Needs no registry: the schemas a reader can meet are its own and those it is given as known.
 * Thread-safe.
 */
public final class RecordCodec<T extends SpecificRecordBase> {

    /** A length field of hostile bytes must not make the reader allocate more than this. */
    private static final String MOST_BYTES = Integer.toString(256 << 20);

    static {
        // Read once by Avro when it first decodes; a deployment that sets its own limit keeps it.
        for (String limit : List.of("bytes.maxLength", "string.maxLength")) {
            System.getProperties().putIfAbsent("org.apache.avro.limits." + limit, MOST_BYTES);
        }
        System.getProperties()
                .putIfAbsent("org.apache.avro.limits.collectionItems.maxLength", "1000000");
    }

    private final Class<T> type;
    private final BinaryMessageEncoder<T> encoder;
    private final BinaryMessageDecoder<T> decoder;

    private RecordCodec(Class<T> type, Collection<Schema> otherVersions) {
        this.type = type;
        SpecificData data = SpecificData.getForClass(type);
        Schema schema = data.getSchema(type);
        this.encoder = new BinaryMessageEncoder<>(data, schema);
        this.decoder = new BinaryMessageDecoder<>(data, schema);
        otherVersions.forEach(decoder::addSchema);
    }

    /** A codec that reads and writes the current version of the record. */
    public static <T extends SpecificRecordBase> RecordCodec<T> of(Class<T> type) {
        return new RecordCodec<>(type, List.of());
    }

    /** A codec that also reads what was written with other versions of the record's schema. */
    public static <T extends SpecificRecordBase> RecordCodec<T> of(
            Class<T> type, Collection<Schema> otherVersions) {
        return new RecordCodec<>(type, otherVersions);
    }

    /** The record as bytes. */
    public byte[] encode(T value) {
        try {
            ByteBuffer buffer = encoder.encode(value);
            byte[] bytes = new byte[buffer.remaining()];
            buffer.get(bytes);
            return bytes;
        } catch (IOException exception) {
            throw new UncheckedIOException("cannot encode " + type.getSimpleName(), exception);
        }
    }

    /**
     * The bytes as a record.
     *
     * @throws UndecodableRecordException if they are not one, whatever they are
     */
    public T decode(byte[] bytes) {
        if (bytes == null || bytes.length == 0) {
            throw new UndecodableRecordException(
                    "no bytes where a " + type.getSimpleName() + " is expected");
        }
        try {
            return decoder.decode(bytes);
        } catch (MissingSchemaException exception) {
            throw undecodable("its schema fingerprint is unknown here", exception);
        } catch (BadHeaderException exception) {
            throw undecodable("it lacks the header of Avro's single-object encoding", exception);
        } catch (IOException | AvroRuntimeException | IndexOutOfBoundsException exception) {
            throw undecodable("its body is broken: " + exception.getMessage(), exception);
        }
    }

    private UndecodableRecordException undecodable(String why, Exception cause) {
        return new UndecodableRecordException(
                "cannot read a " + type.getSimpleName() + ": " + why, cause);
    }
}
