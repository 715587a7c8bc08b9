package io.sightmill.flink;

import java.util.Objects;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SourceSplit;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.java.typeutils.ResultTypeQueryable;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/**
 * A source that pauses while the operator it is chained to is full; see {@link RequestGate}. State
 * and splits are those of the source inside.
 */
public final class GatedSource<SplitT extends SourceSplit, CheckpointT>
        implements Source<IncomingRecord, SplitT, CheckpointT>,
                ResultTypeQueryable<IncomingRecord> {

    private static final long serialVersionUID = 1L;

    private final Source<IncomingRecord, SplitT, CheckpointT> inner;

    public GatedSource(Source<IncomingRecord, SplitT, CheckpointT> inner) {
        this.inner = Objects.requireNonNull(inner, "inner");
    }

    @Override
    public Boundedness getBoundedness() {
        return inner.getBoundedness();
    }

    @Override
    public SourceReader<IncomingRecord, SplitT> createReader(SourceReaderContext context)
            throws Exception {
        return new GatedSourceReader<>(inner.createReader(context), RequestGate.ofThisTask());
    }

    @Override
    public SplitEnumerator<SplitT, CheckpointT> createEnumerator(
            SplitEnumeratorContext<SplitT> context) throws Exception {
        return inner.createEnumerator(context);
    }

    @Override
    public SplitEnumerator<SplitT, CheckpointT> restoreEnumerator(
            SplitEnumeratorContext<SplitT> context, CheckpointT checkpoint) throws Exception {
        return inner.restoreEnumerator(context, checkpoint);
    }

    @Override
    public SimpleVersionedSerializer<SplitT> getSplitSerializer() {
        return inner.getSplitSerializer();
    }

    @Override
    public SimpleVersionedSerializer<CheckpointT> getEnumeratorCheckpointSerializer() {
        return inner.getEnumeratorCheckpointSerializer();
    }

    @Override
    public TypeInformation<IncomingRecord> getProducedType() {
        return TypeInformation.of(IncomingRecord.class);
    }
}
