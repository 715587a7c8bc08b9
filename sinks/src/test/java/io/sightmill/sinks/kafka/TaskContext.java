package io.sightmill.sinks.kafka;

import java.util.OptionalLong;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobInfo;
import org.apache.flink.api.common.JobInfoImpl;
import org.apache.flink.api.common.TaskInfo;
import org.apache.flink.api.common.TaskInfoImpl;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.api.common.operators.ProcessingTimeService;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.connector.sink2.CommitterInitContext;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.groups.SinkCommitterMetricGroup;
import org.apache.flink.metrics.groups.SinkWriterMetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.streaming.runtime.tasks.TestProcessingTimeService;
import org.apache.flink.util.SimpleUserCodeClassLoader;
import org.apache.flink.util.UserCodeClassLoader;

/** What an attempt of subtask 0 of 1 is told of itself. Its mailbox and its clock stand still. */
record TaskContext(JobID job, int attemptNumber, OptionalLong restoredCheckpoint)
        implements WriterInitContext, SerializationSchema.InitializationContext {

    @Override
    public OptionalLong getRestoredCheckpointId() {
        return restoredCheckpoint;
    }

    @Override
    public JobInfo getJobInfo() {
        return new JobInfoImpl(job, "job");
    }

    @Override
    public TaskInfo getTaskInfo() {
        return new TaskInfoImpl("sink", 1, 0, 1, attemptNumber);
    }

    @Override
    public UserCodeClassLoader getUserCodeClassLoader() {
        return SimpleUserCodeClassLoader.create(TaskContext.class.getClassLoader());
    }

    @Override
    public MetricGroup getMetricGroup() {
        return new UnregisteredMetricsGroup();
    }

    @Override
    public SinkWriterMetricGroup metricGroup() {
        return UnregisteredMetricsGroup.createSinkWriterMetricGroup();
    }

    @Override
    public SerializationSchema.InitializationContext asSerializationSchemaInitializationContext() {
        return this;
    }

    @Override
    public boolean isObjectReuseEnabled() {
        return false;
    }

    @Override
    public MailboxExecutor getMailboxExecutor() {
        return null;
    }

    @Override
    public ProcessingTimeService getProcessingTimeService() {
        return new TestProcessingTimeService();
    }

    @Override
    public <T> TypeSerializer<T> createInputSerializer() {
        throw new UnsupportedOperationException("the Kafka sink keeps no records");
    }

    CommitterInitContext ofCommitter() {
        return new CommitterContext(this);
    }

    private record CommitterContext(TaskContext task) implements CommitterInitContext {

        @Override
        public OptionalLong getRestoredCheckpointId() {
            return task.getRestoredCheckpointId();
        }

        @Override
        public JobInfo getJobInfo() {
            return task.getJobInfo();
        }

        @Override
        public TaskInfo getTaskInfo() {
            return task.getTaskInfo();
        }

        @Override
        public SinkCommitterMetricGroup metricGroup() {
            throw new UnsupportedOperationException("the Kafka committer counts nothing");
        }
    }
}
