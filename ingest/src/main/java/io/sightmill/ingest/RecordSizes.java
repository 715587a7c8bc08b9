package io.sightmill.ingest;

import io.sightmill.schema.Message;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/** How many bytes a record takes on the wire, as far as senders can make it large. */
final class RecordSizes {

    private RecordSizes() {}

    static long of(Headers headers, byte[] value) {
        return ofHeaders(headers) + (value == null ? 0 : value.length);
    }

    static long ofHeaders(Headers headers) {
        long bytes = 0;
        for (Header header : headers) {
            bytes += utf8(header.key());
            bytes += header.value() == null ? 0 : header.value().length;
        }
        return bytes;
    }

    static long ofText(List<Message> messages) {
        return messages.stream().mapToLong(message -> utf8(message.getText())).sum();
    }

    private static int utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
