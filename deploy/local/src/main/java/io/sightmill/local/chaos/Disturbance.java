package io.sightmill.local.chaos;

/** What is done to the pipeline while requests are in flight. */
public enum Disturbance {
    /** SIGKILL to a TaskManager that runs tasks; it is started again at once. */
    TASK_MANAGER_KILLED("TaskManager killed"),
    /** SIGSTOP to a TaskManager that runs tasks, SIGCONT later. */
    TASK_MANAGER_SUSPENDED("TaskManager suspended"),
    /** SIGKILL to the JobManager; started again, the job is submitted from its last checkpoint. */
    JOB_MANAGER_KILLED("JobManager killed"),
    /** SIGKILL to the broker; it is started again at once. */
    BROKER_KILLED("broker killed"),
    /** SIGKILL to the ingest application; it is started again at once. */
    INGEST_KILLED("ingest killed"),
    /** The job is stopped with a savepoint and started from it with another parallelism. */
    JOB_RESCALED("job rescaled");

    private final String words;

    Disturbance(String words) {
        this.words = words;
    }

    /** For a person, for example "broker killed". */
    public String words() {
        return words;
    }
}
