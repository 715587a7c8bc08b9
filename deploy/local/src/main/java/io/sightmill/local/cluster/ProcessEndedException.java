package io.sightmill.local.cluster;

import java.util.List;

/** A part of the cluster does not run as it should; the message ends with the end of its log. */
public final class ProcessEndedException extends RuntimeException {

    private static final long serialVersionUID = 1L;
    private static final int LINES = 30;

    ProcessEndedException(String message, ClusterProcess process) {
        super(message + "; " + process.logFile() + " ends with\n" + end(process.log()));
    }

    private static String end(String log) {
        List<String> lines = log.lines().toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - LINES), lines.size()));
    }
}
