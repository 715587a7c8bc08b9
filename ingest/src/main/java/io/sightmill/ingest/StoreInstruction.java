package io.sightmill.ingest;

import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Keeps the instructions topic at hand, as bytes: one that cannot be decoded harms only those who
 * name it.
 */
final class StoreInstruction extends ContextualProcessor<String, byte[], Void, Void> {

    private KeyValueStore<String, byte[]> instructions;

    @Override
    public void init(ProcessorContext<Void, Void> context) {
        super.init(context);
        instructions = context.getStateStore(IngestTopology.INSTRUCTIONS_STORE);
    }

    @Override
    public void process(Record<String, byte[]> record) {
        if (record.key() != null) {
            instructions.put(record.key(), record.value());
        }
    }
}
