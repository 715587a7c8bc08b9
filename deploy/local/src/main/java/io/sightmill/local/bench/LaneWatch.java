package io.sightmill.local.bench;

import io.sightmill.schema.Answer;
import io.sightmill.schema.Timings;
import io.sightmill.schema.Topics;
import io.sightmill.schema.codec.RecordCodec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Counts bulk answers as they leave the job, and times live ones from when they were due. Thread-
 * safe.
 *
 * <p>The time to the first token is that to the whole answer less what decoding took after the
 * first token: it holds the way through Kafka, ingest and job, there and back.
 */
final class LaneWatch implements TopicWatch.Listener {

    private static final long LOOK_MILLIS = 10;

    private final RecordCodec<Answer> codec = RecordCodec.of(Answer.class);
    private final Map<String, Long> due = new HashMap<>();
    private final List<LiveAnswer> live = new ArrayList<>();
    private int bulk;

    /**
     * One live answer.
     *
     * @param firstTokenMillis from when its request was due
     * @param jobMillis of that, what passed in the job: waiting for the engine to prefill
     * @param stepMillis between its tokens
     */
    record LiveAnswer(double firstTokenMillis, double jobMillis, double stepMillis) {}

    @Override
    public void onRecord(ConsumerRecord<byte[], byte[]> record, long nanoTime) {
        if (record.topic().equals(Topics.ANSWERS)) {
            synchronized (this) {
                bulk++;
            }
        } else {
            onLive(codec.decode(record.value()), nanoTime);
        }
    }

    private synchronized void onLive(Answer answer, long nanoTime) {
        Long begin = due.remove(answer.getRequestId());
        if (begin == null) {
            return;
        }
        Timings timings = answer.getTimings();
        int steps = Math.max(1, answer.getUsage().getCompletionTokens() - 1);
        live.add(
                new LiveAnswer(
                        (nanoTime - begin) / 1e6 - timings.getDecodeMillis(),
                        timings.getPreprocessMillis()
                                + timings.getQueueMillis()
                                + timings.getEncodeMillis()
                                + timings.getPrefillMillis(),
                        timings.getDecodeMillis() / steps));
        notifyAll();
    }

    /** A live request is due at this time. */
    synchronized void sent(String requestId, long nanoTime) {
        due.put(requestId, nanoTime);
    }

    synchronized int bulk() {
        return bulk;
    }

    /** The live answers since the last call, once all that were due have come. */
    synchronized List<LiveAnswer> takeLive(BooleanSupplier goOn) {
        while (!due.isEmpty() && goOn.getAsBoolean()) {
            try {
                wait(LOOK_MILLIS);
            } catch (InterruptedException exception) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while measuring", exception);
            }
        }
        List<LiveAnswer> taken = List.copyOf(live);
        live.clear();
        return taken;
    }
}
