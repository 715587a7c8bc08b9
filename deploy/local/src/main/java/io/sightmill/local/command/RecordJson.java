package io.sightmill.local.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecordBase;

/**
 * Records as JSON for people and scripts: enums by name, times as ISO 8601, and bytes as their
 * number, since nobody reads an image in a terminal.
 */
final class RecordJson {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private RecordJson() {}

    static ObjectNode toJson(SpecificRecordBase value) {
        ObjectNode node = NODES.objectNode();
        for (Schema.Field field : value.getSchema().getFields()) {
            node.set(field.name(), toNode(value.get(field.pos())));
        }
        return node;
    }

    private static JsonNode toNode(Object value) {
        if (value instanceof SpecificRecordBase nested) {
            return toJson(nested);
        }
        if (value instanceof ByteBuffer bytes) {
            return NODES.objectNode().put("bytes", bytes.remaining());
        }
        if (value instanceof Collection<?> items) {
            ArrayNode array = NODES.arrayNode();
            items.forEach(item -> array.add(toNode(item)));
            return array;
        }
        if (value instanceof Map<?, ?> entries) {
            ObjectNode object = NODES.objectNode();
            entries.forEach((key, item) -> object.set(key.toString(), toNode(item)));
            return object;
        }
        if (value instanceof Instant || value instanceof Enum<?> || value instanceof CharSequence) {
            return NODES.textNode(value.toString());
        }
        return MAPPER.valueToTree(value);
    }
}
