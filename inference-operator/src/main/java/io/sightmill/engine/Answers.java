package io.sightmill.engine;

/**
 * Begins answers.
 *
 * @param description whose end tokens end them
 * @param decoder turns their tokens into text
 */
record Answers(ModelDescription description, TokenDecoder decoder) {

    /** An answer without a token yet. */
    Answer begin(SequenceRequest request) {
        return new Answer(request.task().generation(), description.endTokenIds(), decoder);
    }

    /** An answer that has these tokens; only a GENERATE task's has any. */
    Answer of(SequenceRequest request, int[] tokens) {
        Answer answer = begin(request);
        return request.task().kind() == TaskKind.GENERATE ? answer.appendAll(tokens) : answer;
    }
}
