package io.sightmill.flink;

import io.sightmill.schema.Answer;
import io.sightmill.schema.AnswerChunk;
import io.sightmill.schema.Embedding;
import io.sightmill.schema.Rejection;
import org.apache.flink.streaming.api.operators.Output;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * The emit stage: sends what became of a record to the output it belongs to, with the record's
 * trace context, and counts it. Belongs to the mailbox thread.
 */
final class Emission {

    private final Output<StreamRecord<Answer>> output;
    private final RejectionAssembly rejections;
    private final OperatorMetrics metrics;

    Emission(
            Output<StreamRecord<Answer>> output,
            RejectionAssembly rejections,
            OperatorMetrics metrics) {
        this.output = output;
        this.rejections = rejections;
        this.metrics = metrics;
    }

    /** All answers and embeddings of a record whose tasks are finished. */
    void emit(InFlightRequest request) {
        String traceContext = request.record().traceContext();
        for (TaskProgress task : request.tasks().values()) {
            task.outcome().answer().ifPresent(answer -> emit(answer, traceContext));
            for (Embedding embedding : task.outcome().embeddings()) {
                embedding.setTraceparent(traceContext);
                output.collect(GenerateOperatorFactory.EMBEDDINGS, new StreamRecord<>(embedding));
                metrics.embedded();
            }
        }
    }

    private void emit(Answer answer, String traceContext) {
        answer.setTraceparent(traceContext);
        output.collect(new StreamRecord<>(answer));
        metrics.answered(answer.getFinishReason());
    }

    /** A piece of an answer that is still being decoded. */
    void emit(InFlightRequest request, AnswerChunk chunk) {
        chunk.setTraceparent(request.record().traceContext());
        output.collect(GenerateOperatorFactory.ANSWER_CHUNKS, new StreamRecord<>(chunk));
    }

    /** In place of all answers of a record. */
    Rejection reject(InFlightRequest request, RecordRejectedException why) {
        Rejection rejection = rejections.rejection(request.record(), why);
        output.collect(GenerateOperatorFactory.REJECTIONS, new StreamRecord<>(rejection));
        metrics.rejected(why.reason());
        return rejection;
    }
}
