package io.sightmill.local.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sightmill.schema.Answer;
import io.sightmill.schema.AnswerChunk;
import io.sightmill.schema.Embedding;
import io.sightmill.schema.Instruction;
import io.sightmill.schema.Rejection;
import io.sightmill.schema.Topics;
import io.sightmill.schema.VisionRequest;
import io.sightmill.schema.codec.RecordCodec;
import io.sightmill.schema.codec.UndecodableRecordException;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** Which records lie in which topic. */
record TopicRecords(String topic, RecordCodec<?> codec) {

    private static final String PREFIX = "sightmill.";

    /** Short names, for the command line's completion. */
    static final class Names implements Iterable<String> {

        @Override
        public Iterator<String> iterator() {
            return names().iterator();
        }
    }

    /** The topic of this name, with or without the common prefix. */
    static Optional<TopicRecords> find(String name) {
        return all().stream()
                .filter(each -> each.topic().equals(name) || shortName(each.topic()).equals(name))
                .findFirst();
    }

    static List<String> names() {
        return all().stream().map(each -> shortName(each.topic())).toList();
    }

    /** The record as JSON; bytes that are none become an object that says why. */
    ObjectNode toJson(byte[] value) {
        if (value == null) {
            return JsonNodeFactory.instance.objectNode().put("_deleted", true);
        }
        try {
            return RecordJson.toJson(codec.decode(value));
        } catch (UndecodableRecordException exception) {
            return JsonNodeFactory.instance
                    .objectNode()
                    .put("_undecodable", exception.getMessage())
                    .put("bytes", value.length);
        }
    }

    private static List<TopicRecords> all() {
        return List.of(
                new TopicRecords(Topics.REQUESTS, RecordCodec.of(VisionRequest.class)),
                new TopicRecords(Topics.REQUESTS_LIVE, RecordCodec.of(VisionRequest.class)),
                new TopicRecords(Topics.REQUESTS_BULK, RecordCodec.of(VisionRequest.class)),
                new TopicRecords(Topics.INSTRUCTIONS, RecordCodec.of(Instruction.class)),
                new TopicRecords(Topics.ANSWERS, RecordCodec.of(Answer.class)),
                new TopicRecords(Topics.ANSWERS_LIVE, RecordCodec.of(Answer.class)),
                new TopicRecords(Topics.ANSWER_CHUNKS, RecordCodec.of(AnswerChunk.class)),
                new TopicRecords(Topics.EMBEDDINGS, RecordCodec.of(Embedding.class)),
                new TopicRecords(Topics.EMBEDDINGS_LIVE, RecordCodec.of(Embedding.class)),
                new TopicRecords(Topics.REJECTIONS, RecordCodec.of(Rejection.class)));
    }

    private static String shortName(String topic) {
        return topic.substring(PREFIX.length());
    }
}
