package io.sightmill.schema;

import java.util.List;

/** Names of the Kafka topics; their record types and keys are in the schemas. */
public final class Topics {

    /** {@link VisionRequest}: what senders write and ingest reads. */
    public static final String REQUESTS = "sightmill.requests";

    /** {@link VisionRequest}: validated, to be answered with low latency. */
    public static final String REQUESTS_LIVE = "sightmill.requests.live";

    /** {@link VisionRequest}: validated, to be answered when there is room. */
    public static final String REQUESTS_BULK = "sightmill.requests.bulk";

    /** {@link Instruction}, compacted, keyed by the instruction's name. */
    public static final String INSTRUCTIONS = "sightmill.instructions";

    /** {@link Answer}, of the bulk lane. */
    public static final String ANSWERS = "sightmill.answers";

    /**
     * {@link Answer}, of the live lane. A topic of its own: to a reader of committed records an
     * open transaction of the bulk lane hides whatever lies behind it in the same partition.
     */
    public static final String ANSWERS_LIVE = "sightmill.answers.live";

    /** {@link AnswerChunk}, of live tasks that ask for them. */
    public static final String ANSWER_CHUNKS = "sightmill.answer-chunks";

    /** {@link Embedding}, of the bulk lane. */
    public static final String EMBEDDINGS = "sightmill.embeddings";

    /** {@link Embedding}, of the live lane. */
    public static final String EMBEDDINGS_LIVE = "sightmill.embeddings.live";

    /** {@link Rejection}. */
    public static final String REJECTIONS = "sightmill.rejections";

    private Topics() {}

    /** Every topic, in the order of the data path. */
    public static List<String> all() {
        return List.of(
                REQUESTS,
                INSTRUCTIONS,
                REQUESTS_LIVE,
                REQUESTS_BULK,
                ANSWERS,
                ANSWERS_LIVE,
                ANSWER_CHUNKS,
                EMBEDDINGS,
                EMBEDDINGS_LIVE,
                REJECTIONS);
    }
}
