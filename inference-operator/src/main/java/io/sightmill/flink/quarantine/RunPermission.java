package io.sightmill.flink.quarantine;

import java.util.function.Consumer;

/** Whether a record may run; asked before anything is done with it. */
public interface RunPermission {

    /** Where the answers go; called once, before anything else. */
    interface Listener {

        /** The record may run. On the mailbox thread. */
        void onGranted(String position);

        /** The record is not run any more. On the mailbox thread. */
        void onRefused(String position, String why);
    }

    /** Asks for a record; one of the two follows, at once or later. Mailbox thread. */
    void ask(String position);

    /** The record was answered or rejected. Mailbox thread. */
    void left(String position);

    /** The task is going to fail through one of the records that run. Any thread. */
    void failing(Throwable cause);

    /** The task is going to fail through this record. Any thread. */
    void failing(String position, Throwable cause);

    /** The task ends, however it comes to that; nothing of it runs any more. Mailbox thread. */
    void leaving();

    /** Grants everything at once and counts nothing; for an operator without a JobManager. */
    static RunPermission always(Consumer<String> onGranted) {
        return new RunPermission() {
            @Override
            public void ask(String position) {
                onGranted.accept(position);
            }

            @Override
            public void left(String position) {}

            @Override
            public void failing(Throwable cause) {}

            @Override
            public void failing(String position, Throwable cause) {}

            @Override
            public void leaving() {}
        };
    }
}
