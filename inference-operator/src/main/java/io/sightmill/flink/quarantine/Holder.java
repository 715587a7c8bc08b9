package io.sightmill.flink.quarantine;

import java.io.Serializable;

/**
 * Who asks: one attempt of a subtask.
 *
 * @param operator the lane's operator
 */
record Holder(String operator, int subtask, int attempt, EngineName engine)
        implements Serializable {

    private static final long serialVersionUID = 1L;
}
