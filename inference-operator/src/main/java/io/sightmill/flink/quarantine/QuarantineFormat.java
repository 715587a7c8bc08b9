package io.sightmill.flink.quarantine;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** The suspicions as bytes of a checkpoint, beginning with the version of the format. */
final class QuarantineFormat {

    private static final byte VERSION = 1;

    private QuarantineFormat() {}

    static byte[] write(Map<String, Suspicion> suspicions) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream output = new DataOutputStream(bytes)) {
            output.writeByte(VERSION);
            output.writeInt(suspicions.size());
            for (Map.Entry<String, Suspicion> suspicion : suspicions.entrySet()) {
                output.writeUTF(suspicion.getKey());
                output.writeInt(suspicion.getValue().failures());
                output.writeInt(suspicion.getValue().failuresAlone());
                output.writeBoolean(suspicion.getValue().isExplained());
                output.writeUTF(suspicion.getValue().cause());
            }
        }
        return bytes.toByteArray();
    }

    /**
     * @throws IOException if the bytes were written by a version that is not known here
     */
    static Map<String, Suspicion> read(byte[] bytes) throws IOException {
        try (DataInputStream input = new DataInputStream(new ByteArrayInputStream(bytes))) {
            byte version = input.readByte();
            if (version != VERSION) {
                throw new IOException(
                        "state of the quarantine has format version %d and this build reads %d; restore it with the Sightmill version that wrote it, or a newer one"
                                .formatted(version, VERSION));
            }
            Map<String, Suspicion> suspicions = new LinkedHashMap<>();
            for (int left = input.readInt(); left > 0; left--) {
                suspicions.put(
                        input.readUTF(),
                        new Suspicion(
                                input.readInt(),
                                input.readInt(),
                                input.readBoolean(),
                                input.readUTF()));
            }
            return suspicions;
        }
    }
}
