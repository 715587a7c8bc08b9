package io.sightmill.flink;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceSplit;
import org.apache.flink.core.io.InputStatus;

/** Reads through the reader inside while the gate is open. All calls come on the task thread. */
@SuppressWarnings(
        "try") // Flink's interface lets close() be interrupted; the task's thread calls it.
final class GatedSourceReader<SplitT extends SourceSplit>
        implements SourceReader<IncomingRecord, SplitT> {

    private final SourceReader<IncomingRecord, SplitT> inner;
    private final RequestGate gate;

    GatedSourceReader(SourceReader<IncomingRecord, SplitT> inner, RequestGate gate) {
        this.inner = inner;
        this.gate = gate;
    }

    @Override
    public InputStatus pollNext(ReaderOutput<IncomingRecord> output) throws Exception {
        return gate.isOpen() ? inner.pollNext(output) : InputStatus.NOTHING_AVAILABLE;
    }

    @Override
    public CompletableFuture<Void> isAvailable() {
        return gate.isOpen() ? inner.isAvailable() : gate.opening();
    }

    @Override
    public void start() {
        inner.start();
    }

    @Override
    public List<SplitT> snapshotState(long checkpointId) {
        return inner.snapshotState(checkpointId);
    }

    @Override
    public void addSplits(List<SplitT> splits) {
        inner.addSplits(splits);
    }

    @Override
    public void notifyNoMoreSplits() {
        inner.notifyNoMoreSplits();
    }

    @Override
    public void handleSourceEvents(SourceEvent event) {
        inner.handleSourceEvents(event);
    }

    @Override
    public void pauseOrResumeSplits(
            Collection<String> splitsToPause, Collection<String> splitsToResume) {
        inner.pauseOrResumeSplits(splitsToPause, splitsToResume);
    }

    @Override
    public void notifyCheckpointComplete(long checkpointId) throws Exception {
        inner.notifyCheckpointComplete(checkpointId);
    }

    @Override
    public void notifyCheckpointAborted(long checkpointId) throws Exception {
        inner.notifyCheckpointAborted(checkpointId);
    }

    @Override
    public void close() throws Exception {
        inner.close();
    }
}
