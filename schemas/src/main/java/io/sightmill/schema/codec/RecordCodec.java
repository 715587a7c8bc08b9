package io.sightmill.schema.codec;

import io.sightmill.schema.Topics;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.io.DatumReader;
import org.apache.avro.message.BinaryMessageEncoder;
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

    /** Most items that all arrays and maps of one record may hold together. */
    public static final int MAX_COLLECTION_ITEMS = 1 << 18;

    /** The highest of the resource folders v1, v2, ...; not every record has a file in each. */
    private static final int FORMER_VERSIONS = 2;

    private static final int HEADER_BYTES = 10;
    private static final byte MARKER_0 = (byte) 0xC3;
    private static final byte MARKER_1 = (byte) 0x01;

    private final Class<T> type;
    private final BinaryMessageEncoder<T> encoder;
    private final Map<Long, DatumReader<T>> readers = new HashMap<>();

    private RecordCodec(Class<T> type, Collection<Schema> otherVersions) {
        this.type = type;
        SpecificData data = SpecificData.getForClass(type);
        Schema schema = data.getSchema(type);
        this.encoder = new BinaryMessageEncoder<>(data, schema);
        addReader(data, schema, schema);
        otherVersions.forEach(writer -> addReader(data, writer, schema));
    }

    /**
     * A codec that writes the current version of the record and reads it and the former ones: what
     * lies in a topic or a checkpoint may have been written before an update.
     */
    public static <T extends SpecificRecordBase> RecordCodec<T> of(Class<T> type) {
        return new RecordCodec<>(type, former(type));
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
     * The bytes as a record. Allocates no more than a small multiple of their length, whatever they
     * claim.
     *
     * @throws UndecodableRecordException if they are not one, whatever they are
     */
    public T decode(byte[] bytes) {
        if (bytes == null || bytes.length == 0) {
            throw new UndecodableRecordException(
                    "no bytes where a " + type.getSimpleName() + " is expected");
        }
        DatumReader<T> reader = readerFor(bytes);
        BoundedDecoder decoder = new BoundedDecoder(bytes, HEADER_BYTES, MAX_COLLECTION_ITEMS);
        T value;
        try {
            value = reader.read(null, decoder);
        } catch (IOException | RuntimeException exception) {
            // Avro answers broken bytes with whatever exception they lead to; none is our fault.
            throw undecodable("its body is broken: " + describe(exception), exception);
        }
        if (decoder.remaining() > 0) {
            throw undecodable(decoder.remaining() + " bytes follow its end", null);
        }
        return value;
    }

    private DatumReader<T> readerFor(byte[] bytes) {
        if (bytes.length < HEADER_BYTES || bytes[0] != MARKER_0 || bytes[1] != MARKER_1) {
            throw undecodable("it lacks the header of Avro's single-object encoding", null);
        }
        long fingerprint = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(2);
        DatumReader<T> reader = readers.get(fingerprint);
        if (reader == null) {
            throw undecodable(
                    "its schema fingerprint " + Long.toHexString(fingerprint) + " is unknown here",
                    null);
        }
        return reader;
    }

    private void addReader(SpecificData data, Schema writer, Schema reader) {
        @SuppressWarnings("unchecked") // The reader's schema is that of T.
        DatumReader<T> datumReader = data.createDatumReader(writer, reader);
        readers.put(SchemaNormalization.parsingFingerprint64(writer), datumReader);
    }

    /** The versions of a record's schema that were written once and are not any more. */
    private static List<Schema> former(Class<?> type) {
        List<Schema> schemas = new ArrayList<>();
        for (int version = 1; version <= FORMER_VERSIONS; version++) {
            former(type, version).ifPresent(schemas::add);
        }
        return schemas;
    }

    private static Optional<Schema> former(Class<?> type, int version) {
        String name = "v" + version + "/" + type.getSimpleName() + ".avsc";
        try (InputStream file = Topics.class.getResourceAsStream(name)) {
            return file == null ? Optional.empty() : Optional.of(new Schema.Parser().parse(file));
        } catch (IOException exception) {
            throw new UncheckedIOException("cannot read " + name, exception);
        }
    }

    private static String describe(Exception exception) {
        return exception.getMessage() == null
                ? exception.getClass().getSimpleName()
                : exception.getMessage();
    }

    private UndecodableRecordException undecodable(String why, Exception cause) {
        return new UndecodableRecordException(
                "cannot read a " + type.getSimpleName() + ": " + why, cause);
    }
}
