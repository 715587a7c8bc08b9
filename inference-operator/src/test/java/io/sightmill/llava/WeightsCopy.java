package io.sightmill.llava;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** All weights of a copied checkpoint as float32, to be changed and written again in any type. */
record WeightsCopy(CheckpointCopy copy, Map<String, Weight> weights) {

    /** A tensor's shape and its values, row-major. */
    record Weight(long[] shape, float[] values) {}

    static WeightsCopy of(String checkpoint, Path directory) throws IOException {
        CheckpointCopy copy = CheckpointCopy.of(checkpoint, directory);
        Map<String, Weight> weights = new TreeMap<>();
        for (Path shard : copy.shards()) {
            ByteBuffer bytes =
                    ByteBuffer.wrap(Files.readAllBytes(shard)).order(ByteOrder.LITTLE_ENDIAN);
            for (SafetensorsTensor tensor : SafetensorsFile.open(shard).tensors().values()) {
                weights.put(tensor.name(), new Weight(tensor.shapeArray(), values(tensor, bytes)));
            }
        }
        return new WeightsCopy(copy, weights);
    }

    /** Replaces the checkpoint's files by one. */
    void write(ElementType type) throws IOException {
        for (Path shard : copy.shards()) {
            Files.delete(shard);
        }
        Files.deleteIfExists(copy.file("model.safetensors.index.json"));
        ObjectNode header = new ObjectMapper().createObjectNode();
        int width = type == ElementType.F32 ? Float.BYTES : Short.BYTES;
        int total = weights.values().stream().mapToInt(each -> each.values().length * width).sum();
        ByteBuffer data = ByteBuffer.allocate(total).order(ByteOrder.LITTLE_ENDIAN);
        weights.forEach(
                (name, weight) -> {
                    ObjectNode entry = header.putObject(name).put("dtype", type.name());
                    Arrays.stream(weight.shape()).forEach(entry.putArray("shape")::add);
                    int begin = data.position();
                    for (float value : weight.values()) {
                        put(data, type, value);
                    }
                    entry.putArray("data_offsets").add(begin).add(data.position());
                });
        String text = header.toString();
        text += " ".repeat(Math.floorMod(-text.length(), 8));
        CheckpointCopy.writeSafetensors(copy.file("model.safetensors"), text, data.array());
    }

    /** Rounds every weight to the nearest bfloat16, ties to even. */
    void roundToBfloat16() {
        for (Weight weight : weights.values()) {
            for (int i = 0; i < weight.values().length; i++) {
                weight.values()[i] = Float.intBitsToFloat(bfloat16(weight.values()[i]) << 16);
            }
        }
    }

    private static void put(ByteBuffer data, ElementType type, float value) {
        switch (type) {
            case F32 -> data.putFloat(value);
            case F16 -> data.putShort((short) HalfFloat.of(value));
            case BF16 -> data.putShort((short) bfloat16(value));
            default -> throw new IllegalArgumentException(type + " is no type of weights");
        }
    }

    private static int bfloat16(float value) {
        int bits = Float.floatToRawIntBits(value);
        return bits + 0x7FFF + (bits >>> 16 & 1) >>> 16;
    }

    private static float[] values(SafetensorsTensor tensor, ByteBuffer bytes) {
        int begin = Math.toIntExact(tensor.begin());
        boolean isWide = tensor.type() == ElementType.F32;
        int width = isWide ? Float.BYTES : Short.BYTES;
        float[] values = new float[Math.toIntExact(tensor.end() - tensor.begin()) / width];
        for (int i = 0; i < values.length; i++) {
            int at = begin + i * width;
            values[i] = isWide ? bytes.getFloat(at) : narrow(tensor.type(), bytes.getShort(at));
        }
        return values;
    }

    private static float narrow(ElementType type, short bits) {
        return type == ElementType.BF16 ? Float.intBitsToFloat(bits << 16) : half(bits);
    }

    /** A finite half's value: mantissa times a power of two. */
    private static float half(short bits) {
        int exponent = bits >> 10 & 31;
        int mantissa = bits & 0x3FF | (exponent == 0 ? 0 : 0x400);
        float magnitude = Math.scalb((float) mantissa, Math.max(exponent, 1) - 25);
        return bits < 0 ? -magnitude : magnitude;
    }
}
